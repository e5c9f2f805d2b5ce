//! `-m time`: the moment at which the packet comes (`net/netfilter/xt_time.c`).

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m time`; moments are in UTC unless `--kerneltz` is there, and each end belongs to its range.
#[derive(Debug, Clone)]
pub struct Time {
    /// Seconds since midnight.
    start: u32,
    stop: u32,
    /// Days of the month, the first as bit 1.
    monthdays: u32,
    /// Days of the week, Monday as bit 1.
    weekdays: u32,
    /// Seconds since 1970.
    from: Option<i64>,
    until: Option<i64>,
    kernel_zone: bool,
    contiguous: bool,
}

const LAST_SECOND: u32 = 24 * 60 * 60 - 1;
const DAY: i64 = 24 * 60 * 60;
const ALL_MONTHDAYS: u32 = 0xffff_fffe;
const ALL_WEEKDAYS: u32 = 0xfe;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl<'t> Extension<'t> for Time {
    const NAME: &'static str = "time";
    const OPTIONS: &'static [Opt] = &[
        opt("--timestart", 1),
        opt("--timestop", 1),
        opt("--monthdays", 1),
        opt("--weekdays", 1),
        opt("--datestart", 1),
        opt("--datestop", 1),
        opt("--kerneltz", 0).or(&["--localtz"]),
        opt("--contiguous", 0),
        opt("--utc", 0),
    ];
    const LISTED: &'static [Listed] = &[
        opens("TIME", "", 0),
        goes_on("from", "--timestart", 1),
        goes_on("to", "--timestop", 1),
        goes_on("on", "--weekdays", 1),
        goes_on("starting from", "--datestart", 1),
        goes_on("until date", "--datestop", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let clock = |option, usual| args.get(option).map_or(Ok(usual), clock);
        let (start, stop) = (clock("--timestart", 0)?, clock("--timestop", LAST_SECOND)?);
        let contiguous = args.get("--contiguous");
        if let Some(arg) = contiguous.filter(|_| stop >= start) {
            return Err(arg.bad("a time to stop at that is before the one to start at"));
        }
        let days =
            |option, all, read: fn(&str) -> Option<u32>| args.get(option).map_or(Ok(all), |arg| days(arg, all, read));
        Ok(Self {
            start,
            stop,
            monthdays: days("--monthdays", ALL_MONTHDAYS, monthday)?,
            weekdays: days("--weekdays", ALL_WEEKDAYS, weekday)?,
            from: args.get("--datestart").map(date).transpose()?,
            until: args.get("--datestop").map(date).transpose()?,
            kernel_zone: args.has("--kerneltz"),
            contiguous: contiguous.is_some(),
        })
    }
}

/// `hh:mm[:ss]` as seconds since midnight.
fn clock(arg: &Arg<'_>) -> Result<u32, Diagnostic> {
    let bad = || arg.bad("a time such as 08:00 or 17:59:59");
    let text = arg.text(0);
    let parts: Vec<u32> = text.split(':').map(|part| part.parse().map_err(|_| bad())).collect::<Result<_, _>>()?;
    match *parts.as_slice() {
        [hours @ 0..24, minutes @ 0..60] => Ok(hours * 3600 + minutes * 60),
        [hours @ 0..24, minutes @ 0..60, seconds @ 0..60] => Ok(hours * 3600 + minutes * 60 + seconds),
        _ => Err(bad()),
    }
}

/// A list of days as bits; all the others behind a `!`.
fn days(arg: &Arg<'_>, all: u32, read: fn(&str) -> Option<u32>) -> Result<u32, Diagnostic> {
    let days = arg.list("days such as 1,15 or Mon,Tue", read)?.into_iter().fold(0, |bits, day| bits | 1 << day);
    Ok(if arg.not { all & !days } else { days })
}

fn monthday(text: &str) -> Option<u32> {
    text.parse().ok().filter(|day| (1..=31).contains(day))
}

/// A number from Monday on, or a name of which the first two letters count.
fn weekday(text: &str) -> Option<u32> {
    let named = |name: &&str| text.get(..2) == name.get(..2);
    let position = || (1..).zip(WEEKDAYS).find(|(_, name)| named(name)).map(|(day, _)| day);
    text.parse().ok().filter(|day| (1..=7).contains(day)).or_else(position)
}

/// `2026[-01[-01[T00[:00[:00]]]]]` as seconds since 1970, up to the end of 32 bits in 2038.
fn date(arg: &Arg<'_>) -> Result<i64, Diagnostic> {
    const FIRST: &str = "1970-01-01T00:00:00";
    let text = arg.text(0);
    let whole = format!("{text}{}", FIRST.get(text.len()..).unwrap_or_default());
    let moment = whole.parse::<DateTime>().ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    let seconds = moment.map(|moment| moment.timestamp().as_second());
    seconds
        .filter(|seconds| (0..=i32::MAX.into()).contains(seconds))
        .ok_or_else(|| arg.bad("a date such as 2026-01-31T12:00:00"))
}

impl Time {
    /// Does the moment, in seconds since 1970, lie in it?
    fn holds(&self, moment: i64) -> bool {
        if self.from.is_some_and(|from| moment < from) || moment > self.until.unwrap_or(i32::MAX.into()) {
            return false;
        }
        let clock = u32::try_from(moment.rem_euclid(DAY)).unwrap_or(0);
        let over_midnight = self.start >= self.stop;
        let in_hours = if over_midnight {
            clock >= self.start || clock <= self.stop
        } else {
            (self.start..=self.stop).contains(&clock)
        };
        // The hours after midnight can belong to the day before.
        let yesterday = over_midnight && self.contiguous && clock <= self.stop;
        in_hours && self.is_day(if yesterday { moment - DAY } else { moment })
    }

    fn is_day(&self, moment: i64) -> bool {
        let Ok(moment) = Timestamp::from_second(moment) else { return false };
        let date = moment.to_zoned(TimeZone::UTC).date();
        let bit = |day: i8| 1u32 << day;
        self.weekdays & bit(date.weekday().to_monday_one_offset()) != 0 && self.monthdays & bit(date.day()) != 0
    }
}

impl Matches for Time {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        match cx.host.moment() {
            Some(moment) if !self.kernel_zone => self.holds(moment).into(),
            _ => {
                let window = self.to_string();
                cx.ask(
                    &format!("time:{}", cx.line),
                    None,
                    format!("it comes at a time that line {} asks for ({})", cx.line, window.trim()),
                    format!("it comes at another time than line {} asks for ({})", cx.line, window.trim()),
                )
            }
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (self.start, self.stop) != (0, LAST_SECOND) {
            for (option, clock) in [("--timestart", self.start), ("--timestop", self.stop)] {
                write!(f, " {option} {:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60)?;
            }
        }
        if self.monthdays != ALL_MONTHDAYS {
            let days = (1..32).filter(|day| self.monthdays & 1 << day != 0).map(|day: u32| day.to_string());
            write!(f, " --monthdays {}", days.collect::<Vec<_>>().join(","))?;
        }
        if self.weekdays != ALL_WEEKDAYS {
            let days = (1..).zip(WEEKDAYS).filter(|(day, _)| self.weekdays & 1 << day != 0).map(|(_, name)| name);
            write!(f, " --weekdays {}", days.collect::<Vec<_>>().join(","))?;
        }
        for (option, date) in [("--datestart", self.from), ("--datestop", self.until)] {
            if let Some(moment) = date.and_then(|date| Timestamp::from_second(date).ok()) {
                write!(f, " {option} {}", moment.to_zoned(TimeZone::UTC).datetime())?;
            }
        }
        f.write_str(if self.kernel_zone { " --kerneltz" } else { "" })?;
        f.write_str(if self.contiguous { " --contiguous" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Time = Time {
        start: 0,
        stop: LAST_SECOND,
        monthdays: ALL_MONTHDAYS,
        weekdays: ALL_WEEKDAYS,
        from: None,
        until: None,
        kernel_zone: false,
        contiguous: false,
    };

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    /// 2026-11-23 is a Monday.
    #[test]
    fn hours_over_midnight() {
        let night = Time { start: 22 * 3600, stop: 6 * 3600, weekdays: 1 << 1, ..OPEN };
        let whole = Time { contiguous: true, ..night.clone() };
        for (moment, plain, contiguous) in [
            ("2026-11-23T21:59:59Z", false, false),
            ("2026-11-23T22:00:00Z", true, true),
            ("2026-11-24T06:00:00Z", false, true),
            ("2026-11-24T06:00:01Z", false, false),
            ("2026-11-23T05:00:00Z", true, false),
        ] {
            assert_eq!((night.holds(at(moment)), whole.holds(at(moment))), (plain, contiguous), "{moment}");
        }
    }

    #[test]
    fn days_and_dates() {
        let sunday_31st = Time { weekdays: 1 << 7, monthdays: 1 << 31, ..OPEN };
        assert!(sunday_31st.holds(at("2026-05-31T23:59:59Z")));
        assert!(!sunday_31st.holds(at("2026-06-01T00:00:00Z")));
        let year = Time { from: Some(at("2026-01-01T00:00:00Z")), until: Some(at("2026-12-31T23:59:59Z")), ..OPEN };
        assert!(year.holds(at("2026-12-31T23:59:59Z")));
        assert!(!year.holds(at("2027-01-01T00:00:00Z")));
        assert!(!OPEN.holds(at("2038-01-19T03:14:08Z")));
    }
}
