//! Events in the devices' lives: JFK gets another key and is sold, LGA is suspended and restored,
//! EWR is moved.

use crate::{
	air::Place,
	chain::Chain,
	screen::Screen,
	setup::{
		one, random_key, whole, Account, Fleet, COOLDOWN, HOUR, MODELS, RESOLUTION,
		STATEMENT_LIFETIME,
	},
};
use anyhow::{ensure, Context, Result};
use depin_device::{device::Device, key::DeviceKey};
use depin_primitives::{
	access::Permissions, hashing::blake2_256, suspension::SuspendReason, Cell, DeviceId, KeyScheme,
	Millis, PublicKey, H256,
};
use futures::try_join;
use std::time::Duration;
use tokio::time::sleep;

/// Station that is moved, by its index.
const MOVED: usize = 0;
/// Station that gets another key and is sold, by its index.
pub const ROTATED: usize = 1;
/// Station that is suspended, by its index.
const SUSPENDED: usize = 2;

/// New place of the moved station: 2 km along the runway.
const ELSEWHERE: Place = Place { name: "EWR", latitude: 40.7046, longitude: -74.1537 };

const APPEAL: &str = "It is January: the readings are right, and the calibration is published.";

/// Rotates the key of one station and suspends another, before the work. Returns the former as it
/// was, with the key that it gave up.
pub async fn before(chain: &Chain, fleet: &mut Fleet, out: &Screen) -> Result<Device<DeviceKey>> {
	out.title("Turns in their lives");
	let (new, ()) = try_join!(rotate(chain, fleet, out), suspend(chain, fleet, out))?;
	Ok(std::mem::replace(&mut fleet.stations[ROTATED].device, new))
}

/// Transfer of a device to another owner.
pub struct Sale {
	/// Device that was sold.
	pub device: DeviceId,
	/// Former owner.
	pub seller: Account,
	/// Points of the epoch of the sale, which wait for the seller.
	pub points: u64,
}

/// Sells one station, restores another, and has a third one moved by an account with a grant, after
/// the work and before the payment.
pub async fn after(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<Sale> {
	out.title("More turns");
	let ((), (), sale) =
		try_join!(restore(chain, fleet, out), grant(chain, fleet, out), sell(chain, fleet, out))?;
	// The move follows the restoration, because one account signs both.
	relocate(chain, fleet, out).await?;
	Ok(sale)
}

async fn rotate(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<Device<DeviceKey>> {
	let station = &fleet.stations[ROTATED];
	let (owner, old) = (&fleet.owners[station.owner], &station.device);
	let account = owner.account();
	let new = old.clone().rotated(random_key(KeyScheme::P256));
	let key = new.public_key();

	let now = chain.now().await?;
	let (valid_until, expires) = (now + STATEMENT_LIFETIME, now + 24 * HOUR);
	let Ok(by_old) = old.rotation(account, key, valid_until);
	let Ok(by_new) = new.adoption(account, valid_until);
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
		"  block {}: governance (here sudo) grants the appeal and restores {}: {} WORK and {} points of \
		 the running epoch leave the escrow",
		done.block,
		station.place.name,
		whole(before.escrow),
		before.points
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
	let event: (DeviceId, Account, Permissions, Millis) =
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

async fn sell(chain: &Chain, fleet: &Fleet, out: &Screen) -> Result<Sale> {
	let station = &fleet.stations[ROTATED];
	let (owner, buyer, id) = (&fleet.owners[station.owner], &fleet.buyer, station.device.id());
	let (from, to) = (owner.account(), buyer.account());
	let call = chain.call("DeviceRegistry", "offer_device", (id, Some(to)))?;
	chain.submit(&owner.key, &call).await.context("no device can be offered")?;
	// The buyer has the device, and knows its key from the device itself.
	let args = (id, station.device.public_key());
	let call = chain.call("DeviceRegistry", "accept_device", args)?;
	let done = chain.submit(&buyer.key, &call).await.context("the offer cannot be accepted")?;
	let (sold, seller, owns, bond): (DeviceId, Account, Account, u128) =
		one(done.find("DeviceRegistry", "DeviceTransferred")?)?;
	ensure!((sold, seller, owns) == (id, from, to), "another device was sold, or to another");

	let paid: Vec<(DeviceId, Account, u128)> = done.find("Rewards", "Paid")?;
	let kept: Vec<(DeviceId, Account, u128, u64)> = done.find("Rewards", "Settled")?;
	let mut payees = paid.iter().map(|paid| paid.1).chain(kept.iter().map(|kept| kept.1));
	ensure!(payees.all(|payee| payee == from), "what the seller earned went elsewhere");
	let money: u128 = paid.iter().map(|paid| paid.2).sum();
	let points: u64 = kept.iter().map(|kept| kept.3).sum();
	ensure!(money > 0 || points > 0, "{} worked and earned nothing", station.place.name);
	out.say(format!(
		"  block {}: {} has offered {}, {} accepts it and locks {} WORK. What it earned until now is for \
		 {}: {} WORK at once, and the {points} points of the running epoch",
		done.block,
		owner.name,
		station.place.name,
		buyer.name,
		whole(bond),
		owner.name,
		whole(money)
	));
	Ok(Sale { device: id, seller: from, points })
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::air::STATIONS;

	#[test]
	fn the_turns_are_of_different_devices() {
		let mut turns = [MOVED, ROTATED, SUSPENDED];
		turns.sort();
		assert!(turns.into_iter().eq(0..STATIONS.len()));
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
