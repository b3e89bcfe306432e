//! Turns in the devices' lives: JFK gets another key, LGA is suspended and restored, EWR is moved, the
//! first hotspot sold.

use crate::{
	air::Place,
	chain::Chain,
	screen::Screen,
	setup::{one, random_key, whole, Fleet, COOLDOWN, HOUR, MODELS, RESOLUTION},
};
use anyhow::{ensure, Context, Result};
use depin_device::{device::Device, key::DeviceKey};
use depin_primitives::{
	device::{Permissions, SuspendReason},
	hashing::blake2_256,
	Cell, DeviceId, KeyScheme, Millis, PublicKey, H256,
};
use futures::try_join;
use std::time::Duration;
use tokio::time::sleep;

/// The stations in their order: which one is moved, gets another key, is suspended.
const MOVED: usize = 0;
/// See [`MOVED`].
pub const ROTATED: usize = 1;
const SUSPENDED: usize = 2;
/// The hotspot that is sold.
const SOLD: usize = 0;

/// Where the moved station stands from then on: 2 km along the runway.
const ELSEWHERE: Place = Place { name: "EWR", latitude: 40.7046, longitude: -74.1537 };

const APPEAL: &str = "It is January: the readings are right, and the calibration is published.";

/// Before the work: one station gets another key, another one is suspended. Gives the former as it
/// was, with the key that it gave up.
pub async fn before(chain: &Chain, fleet: &mut Fleet, out: &Screen) -> Result<Device<DeviceKey>> {
	out.title("Turns in their lives");
	let (new, ()) = try_join!(rotate(chain, fleet, out), suspend(chain, fleet, out))?;
	Ok(std::mem::replace(&mut fleet.stations[ROTATED].device, new))
}

/// After the work, before it is paid: the one is restored, and a third one moved by an account that may
/// act for it.
pub async fn after(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	out.title("More turns");
	// The mover signs the restoration, too: its next transaction has to wait for this one.
	try_join!(restore(chain, fleet, out), grant(chain, fleet, out))?;
	relocate(chain, fleet, out).await
}

async fn rotate(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<Device<DeviceKey>> {
	let station = &fleet.stations[ROTATED];
	let (owner, old) = (&fleet.owners[station.owner], &station.device);
	let account = owner.key.public_key().0;
	let new = old.clone().rotated(random_key(KeyScheme::P256));
	let key = new.public_key();

	let Ok(by_old) = old.rotation(account, key);
	let Ok(by_new) = new.adoption(account);
	let expires = chain.now().await? + 24 * HOUR;
	let [model, _] = MODELS;
	let Ok(certificate) = fleet.maker.certify(fleet.sensor, model, key, expires, &chain.genesis());
	let args = (old.id(), key, by_old, by_new, Some(certificate));
	let call = chain.call("DeviceRegistry", "rotate_key", args)?;
	let done = chain.submit(&owner.key, &call).await.context("the key cannot be rotated")?;
	let event: (DeviceId, PublicKey) = one(done.find("DeviceRegistry", "KeyRotated")?)?;
	ensure!(event == (old.id(), key), "another key was rotated: {event:?}");
	out.say(format!(
		"  block {}: {} gets a secure element. Its {:?} key names the new one, {:?} 0x{}…; the device \
		 stays {:?}",
		done.block,
		station.place.name,
		old.public_key().scheme(),
		key.scheme(),
		hex::encode(&key.as_bytes()[..8]),
		old.id(),
	));
	Ok(new)
}

async fn suspend(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	let station = &fleet.stations[SUSPENDED];
	let (owner, id) = (&fleet.owners[station.owner], station.device.id());
	let reason = SuspendReason::ImplausibleReports;
	let call = chain.call("DeviceRegistry", "suspend_device", (id, reason, H256::zero()))?;
	let done = chain.submit(&fleet.admin, &call).await.context("no device can be suspended")?;
	ensure!(
		one::<DeviceId>(done.find("DeviceRegistry", "DeviceSuspended")?)? == id,
		"another device was suspended"
	);
	out.say(format!(
		"  block {}: //Alice, who runs the network, suspends {}: {reason:?}. It works on; what it earns \
		 is kept in escrow (in brackets below)",
		done.block, station.place.name
	));

	let statement = blake2_256(APPEAL.as_bytes());
	let call = chain.call("DeviceRegistry", "appeal_suspension", (id, statement))?;
	let done = chain.submit(&owner.key, &call).await.context("the owner cannot appeal")?;
	let appeal: (DeviceId, H256) = one(done.find("DeviceRegistry", "SuspensionAppealed")?)?;
	ensure!(appeal == (id, statement), "another appeal was filed: {appeal:?}");
	out.say(format!("  block {}: {} appeals: {APPEAL:?}", done.block, owner.name));
	Ok(())
}

async fn restore(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	let station = &fleet.stations[SUSPENDED];
	let id = station.device.id();
	let before = chain.pending(id).await?.context("a suspended device is unknown")?;
	ensure!(before.claimable == 0, "a suspended device could be paid {}", before.claimable);
	let call = chain.sudo(chain.call("DeviceRegistry", "restore_device", id)?)?;
	let done = chain.submit(&fleet.admin, &call).await.context("no device can be restored")?;
	ensure!(
		one::<DeviceId>(done.find("DeviceRegistry", "DeviceRestored")?)? == id,
		"another device was restored"
	);
	let after = chain.pending(id).await?.context("a restored device is unknown")?;
	ensure!(
		after.escrow == 0 && after.claimable >= before.escrow,
		"of {} in escrow, {} can be claimed",
		before.escrow,
		after.claimable
	);
	out.say(format!(
		"  block {}: governance (here sudo) grants the appeal and restores {}; {} WORK leave the escrow",
		done.block,
		station.place.name,
		whole(before.escrow)
	));
	Ok(())
}

async fn grant(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	let station = &fleet.stations[MOVED];
	let (owner, id) = (&fleet.owners[station.owner], station.device.id());
	let to = fleet.admin.public_key().0;
	let expires = chain.now().await? + HOUR;
	let args = (id, to, Permissions::ACT, expires);
	let call = chain.call("DeviceRegistry", "grant_access", args)?;
	let done = chain.submit(&owner.key, &call).await.context("no permission can be given")?;
	let event: (DeviceId, [u8; 32], Permissions, Millis) =
		one(done.find("DeviceRegistry", "AccessGranted")?)?;
	ensure!(event == args, "another permission was given: {event:?}");
	out.say(format!(
		"  block {}: {} lets //Alice act for {} for an hour",
		done.block, owner.name, station.place.name
	));
	Ok(())
}

async fn relocate(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	let station = &fleet.stations[MOVED];
	let id = station.device.id();
	let cell = ELSEWHERE.cell(RESOLUTION)?;
	let device = chain.device(id).await?.context("a registered device is unknown")?;
	let free = device.located_at + COOLDOWN;
	if chain.now().await? < free {
		out.say(format!("A device may move again after {} s: waiting", COOLDOWN / 1000));
	}
	while chain.now().await? < free {
		sleep(Duration::from_secs(1)).await;
	}

	let call = chain.call("DeviceRegistry", "assert_location", (id, cell))?;
	let done = chain.submit(&fleet.admin, &call).await.context("no device can be moved")?;
	let (moved, from, to, fee): (DeviceId, Cell, Cell, u128) =
		one(done.find("DeviceRegistry", "LocationAsserted")?)?;
	ensure!((moved, from, to) == (id, device.cell, cell), "another device was moved, or elsewhere");
	out.say(format!(
		"  block {}: //Alice moves {} from cell {from} to {to}, for a fee of {} WORK",
		done.block,
		station.place.name,
		whole(fee)
	));
	Ok(())
}

/// After it was paid: a hotspot is sold, in two steps.
pub async fn sell(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<()> {
	let hotspot = &fleet.hotspots[SOLD];
	let (owner, buyer, id) = (&fleet.owners[hotspot.owner], &fleet.buyer, hotspot.device.id());
	let (from, to) = (owner.key.public_key().0, buyer.key.public_key().0);

	out.title("A sale");
	let call = chain.call("DeviceRegistry", "offer_device", (id, Some(to)))?;
	chain.submit(&owner.key, &call).await.context("no device can be offered")?;
	let call = chain.call("DeviceRegistry", "accept_device", id)?;
	let done = chain.submit(&buyer.key, &call).await.context("the offer cannot be accepted")?;
	let (sold, seller, owns, bond): (DeviceId, [u8; 32], [u8; 32], u128) =
		one(done.find("DeviceRegistry", "DeviceTransferred")?)?;
	ensure!((sold, seller, owns) == (id, from, to), "another device was sold, or to another");
	out.say(format!(
		"  block {}: {} offered {}, {} accepts and locks the bond of {} WORK",
		done.block,
		owner.name,
		hotspot.place.name,
		buyer.name,
		whole(bond)
	));

	let paid: Vec<(DeviceId, [u8; 32], u128)> = done.find("Rewards", "Paid")?;
	let kept: Vec<(DeviceId, [u8; 32], u128, u64)> = done.find("Rewards", "Settled")?;
	let payees = paid.iter().map(|paid| paid.1).chain(kept.iter().map(|kept| kept.1));
	ensure!(payees.into_iter().all(|payee| payee == from), "the seller's earnings went elsewhere");
	let money: u128 = paid.iter().map(|paid| paid.2).sum();
	let points: u64 = kept.iter().map(|kept| kept.3).sum();
	out.say(format!(
		"  what it earned until then is for {}: {} WORK paid with the sale, and {points} points of the \
		 running epoch when that closes",
		owner.name,
		whole(money)
	));
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::air::{HOTSPOTS, STATIONS};

	#[test]
	fn the_turns_are_of_different_devices() {
		let mut stations = [MOVED, ROTATED, SUSPENDED];
		stations.sort();
		assert_eq!(stations, [0, 1, 2]);
		assert_eq!(STATIONS.len(), 3);
		assert!(SOLD < HOTSPOTS.len());
	}

	#[test]
	fn the_moved_station_gets_to_another_cell() {
		assert_eq!(ELSEWHERE.name, STATIONS[MOVED].name);
		let distance = STATIONS[MOVED].distance(&ELSEWHERE).unwrap();
		assert!((1.5..2.5).contains(&distance), "{distance}");
		let cell = ELSEWHERE.cell(RESOLUTION).unwrap();
		assert_ne!(cell, STATIONS[MOVED].cell(RESOLUTION).unwrap());
		cell.check(RESOLUTION).unwrap();
	}
}
