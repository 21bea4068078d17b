//! Things and people that are carried: by a robot, by vans and planes, by lifts, by bus, by trucks with small
//! tanks.

use super::draft::Draft;
use super::{SplitMix64, below, other};

/// Solvable: the doors lead both ways.
pub(super) fn gripper(balls: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    let rooms = 2 + balls / 4;
    draft.objects("room", rooms, "room");
    draft.objects("ball", balls, "ball");
    draft.object(format_args!("left right"));
    draft.kind("hand");
    for (room, next) in (0..rooms).zip(1..rooms) {
        draft.init(format_args!("(door room{room} room{next}) (door room{next} room{room})"));
    }
    draft.init(format_args!("(free left) (free right) (robot-in room{})", below(rng, rooms)));
    for ball in 0..balls {
        let room = below(rng, rooms);
        draft.init(format_args!("(lies-in ball{ball} room{room})"));
        draft.goal(format_args!("(lies-in ball{ball} room{})", other(rng, rooms, room)));
    }
}

/// Solvable: every city has a van, every plane reaches every airport. `placeC-0` is the airport of city C.
pub(super) fn logistics(cities: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    const PLACES: u32 = 4;
    let (planes, parcels) = (cities.div_ceil(4), 2 * cities);
    draft.objects("city", cities, "city");
    for city in 0..cities {
        draft.object(format_args!("place{city}-0"));
    }
    draft.kind("airport");
    for place in (0..cities * PLACES).filter(|place| place % PLACES > 0) {
        draft.object(format_args!("place{}-{}", place / PLACES, place % PLACES));
    }
    draft.kind("place");
    draft.objects("van", cities, "van");
    draft.objects("plane", planes, "plane");
    draft.objects("parcel", parcels, "parcel");
    for city in 0..cities {
        for place in 0..PLACES {
            draft.init(format_args!("(in-city place{city}-{place} city{city})"));
        }
        draft.init(format_args!("(at van{city} place{city}-{})", below(rng, PLACES)));
    }
    for plane in 0..planes {
        draft.init(format_args!("(at plane{plane} place{}-0)", below(rng, cities)));
    }
    for parcel in 0..parcels {
        let from = below(rng, cities * PLACES);
        let to = other(rng, cities * PLACES, from);
        draft.init(format_args!("(at parcel{parcel} place{}-{})", from / PLACES, from % PLACES));
        draft.goal(format_args!("(at parcel{parcel} place{}-{})", to / PLACES, to % PLACES));
    }
}

/// Solvable: the two slow lifts share a floor, so people can change there. The express, which stops on every
/// fourth floor, only saves time.
pub(super) fn elevators(people: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    let floors = people + 4;
    let middle = floors / 2;
    draft.object(format_args!("low high express"));
    draft.kind("lift");
    draft.objects("f", floors, "floor");
    draft.objects("person", people, "person");
    draft.objects("p", 5, "places");
    draft.init(format_args!("(= (total-cost) 0)"));
    for fewer in 0..4 {
        draft.init(format_args!("(one-less p{fewer} p{})", fewer + 1));
    }
    // Name, first and last floor, floors from stop to stop, places, price of a start and of a floor.
    for (lift, first, last, apart, places, start, floor) in [
        ("low", 0, middle, 1, 3, 2, 3),
        ("high", middle, floors - 1, 1, 3, 2, 3),
        ("express", 0, floors - 1, 4, 4, 6, 1),
    ] {
        let stops = || (first..=last).step_by(apart);
        draft.init(format_args!("(lift-at {lift} f{first}) (vacant {lift} p{places})"));
        for from in stops() {
            draft.init(format_args!("(stops-at {lift} f{from})"));
            for to in stops().filter(|&to| to != from) {
                let price = start + floor * from.abs_diff(to);
                draft.init(format_args!("(= (price {lift} f{from} f{to}) {price})"));
            }
        }
    }
    for person in 0..people {
        let from = below(rng, floors);
        draft.init(format_args!("(waits person{person} f{from})"));
        draft.goal(format_args!("(waits person{person} f{})", other(rng, floors, from)));
    }
    draft.metric = "total-cost";
}

/// Solvable: an adult, `guide`, gets on before all others and stays aboard until the last stop, `stop0`, where
/// nobody else waits; the roads lead both ways and everywhere.
pub(super) fn tour_bus(guests: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    let stops = guests / 2 + 3;
    draft.objects("stop", stops, "stop");
    draft.object(format_args!("guide"));
    draft.objects("adult", (guests - 1) / 2, "adult");
    draft.objects("child", guests / 2, "child");
    for (a, b) in roads(stops, rng) {
        draft.init(format_args!("(road stop{a} stop{b}) (road stop{b} stop{a})"));
    }
    draft.init(format_args!("(bus-at stop{})", below(rng, stops)));
    for guest in 0..guests {
        let from = 1 + below(rng, stops - 1);
        let (name, to) = match guest {
            0 => ("guide".to_owned(), 0),
            _ if guest % 2 == 1 => (format!("child{}", guest / 2), other(rng, stops, from)),
            _ => (format!("adult{}", guest / 2 - 1), other(rng, stops, from)),
        };
        draft.init(format_args!("(waits {name} stop{from}) (wants {name} stop{to})"));
    }
    draft.goal(format_args!("(forall (?guest - guest) (arrived ?guest))"));
}

/// Solvable: trucks begin at a pump, no two places without one are neighbours in the tree of roads, and a tank
/// lasts for more than two roads.
pub(super) fn fuel(parcels: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    const TANK: u32 = 20;
    const LONGEST: u32 = 9;
    let (places, trucks) = (parcels + 4, 1 + parcels / 5);
    draft.objects("place", places, "place");
    draft.objects("truck", trucks, "truck");
    draft.objects("parcel", parcels, "parcel");
    draft.init(format_args!("(= (burnt) 0)"));
    let mut pumps = vec![true; places as usize];
    for (road, (a, b)) in (1..).zip(roads(places, rng)) {
        // The roads of the tree come first, in the order of the places that they lead to.
        if road < places && pumps[a as usize] && below(rng, 2) == 0 {
            pumps[b as usize] = false;
        }
        let distance = 2 + below(rng, LONGEST - 1);
        for (from, to) in [(a, b), (b, a)] {
            draft.init(format_args!(
                "(road place{from} place{to}) (= (distance place{from} place{to}) {distance})"
            ));
        }
    }
    let stations: Vec<u32> = (0..places).filter(|&place| pumps[place as usize]).collect();
    for place in &stations {
        draft.init(format_args!("(pump place{place})"));
    }
    for truck in 0..trucks {
        let place = stations[below(rng, stations.len() as u32) as usize];
        let fuel = below(rng, TANK + 1);
        draft.init(format_args!("(truck-at truck{truck} place{place})"));
        draft.init(format_args!("(= (tank truck{truck}) {TANK}) (= (fuel truck{truck}) {fuel})"));
    }
    for parcel in 0..parcels {
        let from = below(rng, places);
        draft.init(format_args!("(parcel-at parcel{parcel} place{from})"));
        draft.goal(format_args!("(parcel-at parcel{parcel} place{})", other(rng, places, from)));
    }
    draft.metric = "burnt";
}

/// Roads that connect all places, none twice: first a random tree, which joins each place to an earlier one,
/// then a third as many shortcuts.
fn roads(places: u32, rng: &mut SplitMix64) -> Vec<(u32, u32)> {
    let mut roads: Vec<(u32, u32)> = (1..places).map(|place| (below(rng, place), place)).collect();
    for _ in 0..places / 3 {
        let a = below(rng, places);
        let b = other(rng, places, a);
        let road = (a.min(b), a.max(b));
        if !roads.contains(&road) {
            roads.push(road);
        }
    }
    roads
}
