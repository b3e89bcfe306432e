//! Places, and the radio between them.

use anyhow::{anyhow, Result};
use depin_primitives::Cell;
use h3o::{LatLng, Resolution};
use rand::Rng;

/// Place on Earth.
#[derive(Clone, Copy, Debug)]
pub struct Place {
	/// Name of the place.
	pub name: &'static str,
	/// Degrees north.
	pub latitude: f64,
	/// Degrees east.
	pub longitude: f64,
}

const fn place(name: &'static str, latitude: f64, longitude: f64) -> Place {
	Place { name, latitude, longitude }
}

/// Weather stations, by the names that the readings' file has for them.
pub const STATIONS: [Place; 3] = [
	place("EWR", 40.6925, -74.168667),
	place("JFK", 40.639751, -73.778925),
	place("LGA", 40.777245, -73.872608),
];

/// Places of the radio hotspots.
pub const HOTSPOTS: [Place; 12] = [
	place("Empire State", 40.748433, -73.985656),
	place("One World Trade", 40.712742, -74.013382),
	place("Borough Hall", 40.692778, -73.990278),
	place("Grand Army Plaza", 40.673904, -73.970097),
	place("Columbia", 40.807536, -73.962573),
	place("Yankee Stadium", 40.829643, -73.926175),
	place("Unisphere", 40.746426, -73.845104),
	place("Queensbridge", 40.755000, -73.945000),
	place("Liberty Island", 40.689247, -74.044502),
	place("Hoboken Terminal", 40.734980, -74.027720),
	place("Red Hook", 40.675500, -74.016400),
	place("Coney Island", 40.574900, -73.985900),
];

/// Frequency of the hotspots' transmissions, in hertz: US915, LoRaWAN's uplink channel 10.
pub const FREQUENCY: u32 = 904_300_000;
/// Radiated power of a hotspot, in dBm.
const POWER: f64 = 27.0;
/// Loss in the city beyond that of free space, in dB.
const CITY_LOSS: f64 = 18.0;
/// Noise in 125 kHz at the receiver, in dBm.
const NOISE: f64 = -117.0;
/// Distance beyond which no receiver hears a beacon, in kilometres.
const RANGE: f64 = 15.0;

/// Beacon as it arrives at a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reception {
	/// Signal strength, in tenths of a dBm.
	pub rssi: i16,
	/// Signal-to-noise ratio, in tenths of a dB.
	pub snr: i16,
}

impl Place {
	/// Returns the H3 cell of this resolution that contains the place.
	pub fn cell(&self, resolution: u8) -> Result<Cell> {
		let resolution = Resolution::try_from(resolution)?;
		Ok(Cell(self.coordinates()?.to_cell(resolution).into()))
	}

	/// Returns the distance to another place along the great circle, in kilometres.
	pub fn distance(&self, other: &Self) -> Result<f64> {
		Ok(self.coordinates()?.distance_km(other.coordinates()?))
	}

	/// Returns the reception of a beacon from `sender` at this place; `None` beyond the radio's
	/// range.
	pub fn receive(&self, sender: &Self, rng: &mut impl Rng) -> Result<Option<Reception>> {
		let distance = self.distance(sender)?;
		if distance > RANGE {
			return Ok(None);
		}
		let fading = rng.gen_range(0.0..6.0);
		let rssi = POWER - free_space_loss(distance) - CITY_LOSS - fading;
		// A LoRa receiver reports at most 12 dB above the noise.
		let snr = (rssi - NOISE).min(12.0);
		Ok(Some(Reception { rssi: tenths(rssi), snr: tenths(snr) }))
	}

	fn coordinates(&self) -> Result<LatLng> {
		LatLng::new(self.latitude, self.longitude).map_err(|e| anyhow!("{}: {e}", self.name))
	}
}

/// Returns the loss of a signal on [`FREQUENCY`] in free space over this distance, in dB (ITU-R
/// P.525).
fn free_space_loss(kilometres: f64) -> f64 {
	let megahertz = f64::from(FREQUENCY) / 1e6;
	32.45 + 20.0 * megahertz.log10() + 20.0 * kilometres.max(0.01).log10()
}

fn tenths(value: f64) -> i16 {
	(value * 10.0).round() as i16
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn loss_in_free_space() {
		// 1 km at 904.3 MHz: 91.57 dB; ten times the distance adds 20 dB.
		assert!((free_space_loss(1.0) - 91.57).abs() < 0.01);
		assert!((free_space_loss(10.0) - 111.57).abs() < 0.01);
	}

	#[test]
	fn distances_and_cells_are_those_of_the_map() {
		let [ewr, jfk, _] = STATIONS;
		let distance = ewr.distance(&jfk).unwrap();
		assert!((distance - 33.4).abs() < 0.3, "{distance}");
		for place in STATIONS.iter().chain(&HOTSPOTS) {
			place.cell(9).unwrap().check(9).unwrap();
		}
		assert!(ewr.cell(16).is_err());
	}

	#[test]
	fn a_near_hotspot_hears_a_beacon_and_a_far_one_does_not() {
		let mut rng = rand::thread_rng();
		let [empire, trade, ..] = HOTSPOTS;
		let heard = empire.receive(&trade, &mut rng).unwrap().unwrap();
		// 4.6 km: 27 − 104.8 − 18 dBm, less up to 6 dB of fading.
		assert!((-1_020..=-955).contains(&heard.rssi), "{heard:?}");
		assert!(heard.snr <= 120);
		let coney = HOTSPOTS[11];
		assert_eq!(empire.receive(&coney, &mut rng).unwrap(), None);
	}

	#[test]
	fn any_two_hotspots_may_witness_each_other_and_each_can_be_heard() {
		let policy = crate::setup::radio_policy().coverage.unwrap();
		for (at, a) in HOTSPOTS.iter().enumerate() {
			let cell = a.cell(crate::setup::RESOLUTION).unwrap();
			for b in &HOTSPOTS[..at] {
				let other = b.cell(crate::setup::RESOLUTION).unwrap();
				let distance = cell.grid_distance(other).unwrap();
				let allowed = policy.min_distance..=policy.max_distance;
				assert!(allowed.contains(&distance), "{} and {}: {distance}", a.name, b.name);
			}
			// With any number of hotspots, each one is heard by another.
			if at > 0 {
				assert!(
					HOTSPOTS[..at].iter().any(|b| a.distance(b).unwrap() < RANGE),
					"{}",
					a.name
				);
			}
		}
		assert!((policy.min_frequency..=policy.max_frequency).contains(&FREQUENCY));
	}
}
