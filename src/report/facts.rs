//! Facts in words: one by one, and what a world assumes about one quantity in one sentence.

use std::collections::BTreeMap;

use crate::logic::{Assumed, Fact, Field, Set, Unknown, Values};
use crate::packet::{Net, Protocol};
use crate::save::Family;

use super::Safe;

/// More values than this are counted, not listed.
const LISTED: usize = 4;

/// The name of a fact, as `--assume` takes it.
pub(super) fn name(fact: &Fact, family: Family) -> String {
    fact.name().unwrap_or_else(|| match &fact.about {
        Unknown::Field(field) => format!("{}:{}", field.as_str(), what(*field, &fact.within, family, ",")),
        about => about.to_string(),
    })
}

/// A fact as a sentence, answered.
pub(super) fn sentence(fact: &Fact, answer: bool, family: Family) -> String {
    Said::of(fact, answer, family).text()
}

/// The clients that a fact is about, such as `10.128.0.0/9`.
pub(super) fn clients(fact: &Fact, family: Family) -> Option<String> {
    (fact.about == Unknown::Field(Field::Src) && fact.phrase.is_none())
        .then(|| what(Field::Src, &fact.within, family, " or "))
}

/// What is said about one quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) about: Unknown,
    pub(super) answer: bool,
    /// The sets of a field.
    sets: Vec<Set>,
    /// The words of an extension.
    phrase: String,
    family: Family,
}

impl Said {
    fn of(fact: &Fact, answer: bool, family: Family) -> Self {
        let mut said = Self { about: fact.about.clone(), answer, sets: Vec::new(), phrase: String::new(), family };
        match (&fact.about, &fact.phrase) {
            (_, Some(phrase)) => said.phrase.clone_from(if answer { &phrase.yes } else { &phrase.no }),
            (_, None) => said.sets.push(fact.within.clone()),
        }
        said
    }

    /// The sentence.
    pub(super) fn text(&self) -> String {
        match &self.about {
            Unknown::Field(field) if self.phrase.is_empty() => {
                let sets = self.sets.iter().map(|set| what(*field, set, self.family, " or "));
                about(*field, self.answer, &sets.collect::<Vec<_>>())
            }
            Unknown::Number(name) if self.phrase.is_empty() => number(name, self.answer, &self.sets),
            Unknown::Named(name) if self.phrase.is_empty() => left(name, self.answer, &self.sets, self.family),
            _ => self.phrase.clone(),
        }
    }

    /// Takes the sets of `other` as alternatives, if both say yes about one quantity.
    pub(super) fn or(&mut self, other: &Self) -> bool {
        let same = self.answer && other.answer && self.about == other.about && self.phrase.is_empty();
        if same {
            for set in &other.sets {
                if !self.sets.iter().any(|wider| set.is_within(wider)) {
                    self.sets.retain(|narrower| !narrower.is_within(set));
                    self.sets.push(set.clone());
                }
            }
        }
        same
    }
}

/// One sentence for each quantity. What it is says more than what it is not, and the last set it is in is the narrowest.
pub(super) fn condensed<'a>(assumed: impl IntoIterator<Item = &'a Assumed>, family: Family) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    // Where the sentence stands that can take in more about a quantity.
    let mut open: BTreeMap<Unknown, usize> = BTreeMap::new();
    for assumed in assumed {
        let said = Said::of(&assumed.fact, assumed.answer, family);
        let plain = said.answer || said.phrase.is_empty();
        let before = open.get(&said.about).and_then(|at| all.get_mut(*at));
        let before = before.filter(|before| plain && before.phrase.is_empty());
        match before {
            None => {
                if said.phrase.is_empty() {
                    open.insert(said.about.clone(), all.len());
                }
                all.push(said);
            }
            Some(before) if said.answer => *before = said,
            Some(before) if before.answer => {}
            Some(before) => before.sets.extend(said.sets),
        }
    }
    all
}

/// A sentence about a field.
fn about(field: Field, answer: bool, sets: &[String]) -> String {
    let not = if answer { "" } else { "not " };
    let list = match sets {
        many if many.len() > LISTED && !answer => format!("any of the {} {} that rules name", many.len(), kinds(field)),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
        [] => String::new(),
    };
    let within = if sets.iter().any(|set| set.contains(['/', '-'])) { "in " } else { "" };
    let does = if answer { "" } else { "does not " };
    match field {
        Field::In if answer => format!("it comes in by {list}"),
        Field::In => format!("it {does}come in by {list}"),
        Field::Out if answer => format!("it leaves by {list}"),
        Field::Out => format!("it {does}leave by {list}"),
        Field::FirstOut if answer => format!("it is first routed to {list}"),
        Field::FirstOut => format!("it is not first routed to {list}"),
        Field::Src => format!("the client is {not}{within}{list}"),
        Field::Dst => format!("the destination is {not}{within}{list}"),
        Field::Sport => format!("the source port is {not}{within}{list}"),
        Field::Dport => format!("the destination port is {not}{within}{list}"),
        Field::Protocol => format!("the protocol is {not}{list}"),
        Field::Uid => format!("its user is {not}{within}{list}"),
        Field::Gid => format!("its group is {not}{within}{list}"),
        field => format!("its {} is {not}{within}{list}", field.as_str()),
    }
}

/// A sentence about what a rule left in a field, as `Value::left` names it.
fn left(name: &str, answer: bool, sets: &[Set], family: Family) -> String {
    let of_field = name.split_once(':').and_then(|(field, line)| Some((Field::named(field)?, line)));
    let Some((field, line)) = of_field else { return number(name, answer, sets) };
    let sets: Vec<_> = sets.iter().map(|set| what(field, set, family, " or ")).collect();
    format!("{}, as line {line} leaves it", about(field, answer, &sets))
}

/// A sentence about a number that no field holds.
fn number(name: &str, answer: bool, sets: &[Set]) -> String {
    let values = sets.iter().filter_map(|set| match set {
        Set::Values(values) => Some(values.to_string()),
        Set::Names(_) => None,
    });
    format!("its {name} is {}{}", if answer { "" } else { "not " }, values.collect::<Vec<_>>().join(" or "))
}

/// What the values of a field are called.
const fn kinds(field: Field) -> &'static str {
    match field {
        Field::Src | Field::Dst => "addresses and networks",
        Field::Sport | Field::Dport => "ports",
        Field::In | Field::Out | Field::FirstOut => "interfaces",
        _ => "values",
    }
}

/// The set of a fact about a field.
fn what(field: Field, set: &Set, family: Family, between: &str) -> String {
    match set {
        Set::Names(pattern) => Safe(&pattern.to_string()).to_string(),
        Set::Values(values) => values_in(field, values, family, between),
    }
}

fn values_in(field: Field, values: &Values, family: Family, between: &str) -> String {
    let range = |&(first, last): &(u128, u128)| match field {
        Field::Src | Field::Dst => addresses(first, last, family),
        Field::Protocol if first == last => Protocol(u8::try_from(first).unwrap_or(0)).to_string(),
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    values.ranges().iter().map(range).collect::<Vec<_>>().join(between)
}

/// A range of addresses: one address, a network, or from-to.
fn addresses(first: u128, last: u128, family: Family) -> String {
    if first == last {
        return family.address(first).to_string();
    }
    let wide = first ^ last;
    let network = wide.wrapping_add(1).is_power_of_two() && first & wide == 0;
    match family {
        Family::V4 if network => {
            let narrow = |bits| u32::try_from(bits).unwrap_or(u32::MAX);
            Net::V4(narrow(first), !narrow(wide)).to_string()
        }
        Family::V6 if network => Net::V6(first, !wide).to_string(),
        family => format!("{}-{}", family.address(first), family.address(last)),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use crate::logic::Grounds;

    use super::*;

    fn bits(text: &str) -> u128 {
        match text.parse().unwrap() {
            IpAddr::V4(address) => address.to_bits().into(),
            IpAddr::V6(address) => address.to_bits(),
        }
    }

    fn assumed(first: &str, last: &str, answer: bool) -> Assumed {
        let within = Set::Values(Values::range(bits(first), bits(last)));
        let fact = Fact::new(Unknown::Field(Field::Src), within);
        Assumed { fact, answer, grounds: Grounds::Default, line: None }
    }

    #[test]
    fn ranges_of_addresses() {
        let v4 = |first, last| addresses(bits(first), bits(last), Family::V4);
        assert_eq!(v4("10.128.0.0", "10.255.255.255"), "10.128.0.0/9");
        assert_eq!(v4("10.0.0.1", "10.0.0.1"), "10.0.0.1");
        assert_eq!(v4("10.0.0.1", "10.0.0.9"), "10.0.0.1-10.0.0.9");
        assert_eq!(addresses(bits("fd00::"), bits("fd00::ffff"), Family::V6), "fd00::/112");
        assert_eq!(addresses(0, u128::MAX, Family::V6), "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    }

    #[test]
    fn one_sentence_for_each_quantity() {
        let say = |list: &[Assumed]| condensed(list, Family::V4).iter().map(Said::text).collect::<Vec<_>>();
        let not = |address: &str| assumed(address, address, false);
        assert_eq!(say(&[not("10.0.0.1"), not("10.0.0.2")]), ["the client is not 10.0.0.1 or 10.0.0.2"]);
        let narrowed =
            [assumed("10.0.0.0", "10.255.255.255", true), not("10.0.0.2"), assumed("10.0.0.3", "10.0.0.3", true)];
        assert_eq!(say(&narrowed), ["the client is 10.0.0.3"]);
        let many: Vec<_> = (1..9).map(|n| not(&format!("10.0.0.{n}"))).collect();
        assert_eq!(say(&many), ["the client is not any of the 8 addresses and networks that rules name"]);
    }
}
