//! Rules on spot pricing.

use super::{Blank as _, Change, Check, Fix, Optional as _, Rule, Severity, Source, has_quota};
use crate::grammar::{self, Decimal};
use crate::path::{Field, Path};
use crate::request::{CreateInstanceRequest as Request, SpotSpec};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        id: "R91",
        severity: Severity::Error,
        // The values are documented, that there has to be one follows. A value that is none of them is found
        // by the review of drafts, as with all closed choices.
        source: Source::Documented,
        check: Check::Whole(&[Request::SPOT_SPEC], |request, _, findings| {
            if spot(request).is_some_and(|spot| !spot.spot_strategy.is_set()) {
                findings.at(at(SpotSpec::SPOT_STRATEGY));
            }
        }),
    },
    Rule {
        id: "R92",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(
            &[Request::SPOT_SPEC, Request::RESOURCE_ID],
            |request, _, findings| {
                let Some(spot) = spot(request) else { return };
                if is(spot, "SpotWithPriceLimit")
                    && !spot.spot_price_limit.is_set()
                    && !has_quota(request)
                {
                    findings.at(at(SpotSpec::SPOT_PRICE_LIMIT));
                }
            },
        ),
    },
    Rule {
        id: "R93",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::SPOT_SPEC], |request, _, findings| {
            let limit = spot(request).and_then(|spot| spot.spot_price_limit.as_deref());
            if let Some(limit) = limit.filter(|limit| !limit.is_empty() && !is_price(limit)) {
                findings
                    .at(at(SpotSpec::SPOT_PRICE_LIMIT))
                    .mended_to(grammar::trimmed(limit, is_price));
            }
        }),
    },
    Rule {
        id: "R94",
        severity: Severity::Warning,
        source: Source::Inferred,
        check: Check::Whole(
            &[Request::SPOT_SPEC, Request::RESOURCE_ID],
            |request, _, findings| {
                let Some(spot) = spot(request).filter(|spot| is(spot, "SpotAsPriceGo")) else {
                    return;
                };
                // Lingjun quotas need the share (R96), whatever the strategy.
                let unused = [
                    (spot.spot_price_limit.is_set(), SpotSpec::SPOT_PRICE_LIMIT),
                    (
                        spot.spot_discount_limit.is_set() && !has_quota(request),
                        SpotSpec::SPOT_DISCOUNT_LIMIT,
                    ),
                ];
                let unused = unused.into_iter().filter(|(set, _)| *set);
                let clear: Vec<_> = unused.map(|(_, field)| Change::Clear(at(field))).collect();
                if !clear.is_empty() {
                    findings
                        .at(at(SpotSpec::SPOT_PRICE_LIMIT))
                        .mended_by(Fix(clear));
                }
            },
        ),
    },
    Rule {
        id: "R95",
        severity: Severity::Error,
        source: Source::Documented,
        check: Check::Whole(&[Request::SPOT_SPEC], |request, _, findings| {
            let hours = spot(request).and_then(|spot| spot.spot_duration.as_deref());
            let Some(hours) = hours.filter(|hours| !hours.is_empty()) else {
                return;
            };
            if !grammar::is_whole(hours) {
                findings
                    .at(at(SpotSpec::SPOT_DURATION))
                    .mended_to(grammar::trimmed(hours, |hours| matches!(hours, "0" | "1")));
            } else if !matches!(hours.trim_start_matches('0'), "" | "1") {
                // Other numbers are not described.
                findings
                    .at(at(SpotSpec::SPOT_DURATION))
                    .with("hours", hours)
                    .warn();
            }
        }),
    },
    Rule {
        id: "R96",
        severity: Severity::Warning,
        // It holds for Lingjun quotas; nothing in a request says which kind a quota is.
        source: Source::Documented,
        check: Check::Whole(
            &[Request::SPOT_SPEC, Request::RESOURCE_ID],
            |request, _, findings| {
                let Some(spot) = spot(request).filter(|_| has_quota(request)) else {
                    return;
                };
                if !spot.spot_discount_limit.is_set() {
                    findings.at(at(SpotSpec::SPOT_DISCOUNT_LIMIT));
                }
                if let Some(hours) = spot.spot_duration.as_ref().filter(|it| !it.is_empty()) {
                    findings
                        .at(at(SpotSpec::SPOT_DURATION))
                        .with("hours", hours);
                }
            },
        ),
    },
    Rule {
        id: "R97",
        severity: Severity::Warning,
        // The only example is 0.1.
        source: Source::Inferred,
        check: Check::Whole(&[Request::SPOT_SPEC], |request, _, findings| {
            let share = spot(request).and_then(|spot| spot.spot_discount_limit.as_deref());
            if let Some(share) = share.filter(|share| !share.is_empty() && !is_share(share)) {
                findings
                    .at(at(SpotSpec::SPOT_DISCOUNT_LIMIT))
                    .mended_to(grammar::trimmed(share, is_share));
            }
        }),
    },
];

fn at(field: Field) -> Path {
    Path::of(&[Request::SPOT_SPEC, field])
}

fn spot(request: &Request) -> Option<&SpotSpec> {
    request.spot_spec.as_ref().filter(|spot| !spot.is_blank())
}

fn is(spot: &SpotSpec, strategy: &str) -> bool {
    spot.spot_strategy.as_deref() == Some(strategy)
}

fn is_price(text: &str) -> bool {
    Decimal::parse(text).is_some_and(|price| price.is_positive() && price.fraction.len() <= 3)
}

fn is_share(text: &str) -> bool {
    Decimal::parse(text).is_some_and(|share| share.is_positive() && share.is_share())
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_cases, check_fixes};

    const LIMIT: &[&str] = &["SpotSpec.SpotPriceLimit"];
    const DURATION: &[&str] = &["SpotSpec.SpotDuration"];
    const SHARE: &[&str] = &["SpotSpec.SpotDiscountLimit"];

    #[test]
    fn r91_a_strategy() {
        check_cases(
            "R91",
            &[
                "{}",
                r#"{"SpotSpec": {}}"#,
                r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
            ],
            &[
                (
                    r#"{"SpotSpec": {"SpotDuration": "1"}}"#,
                    &["SpotSpec.SpotStrategy"],
                ),
                (
                    r#"{"SpotSpec": {"SpotStrategy": "", "SpotPriceLimit": "1"}}"#,
                    &["SpotSpec.SpotStrategy"],
                ),
            ],
        );
    }

    #[test]
    fn r92_a_ceiling() {
        check_cases(
            "R92",
            &[
                "{}",
                r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#,
                r#"{"SpotSpec": {"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "1"}}"#,
                r#"{"SpotSpec": {"SpotStrategy": "SpotWithPriceLimit"}, "ResourceId": "quota1"}"#,
            ],
            &[(
                r#"{"SpotSpec": {"SpotStrategy": "SpotWithPriceLimit"}}"#,
                LIMIT,
            )],
        );
    }

    #[test]
    fn r93_prices() {
        check_cases(
            "R93",
            &[
                "{}",
                r#"{"SpotSpec": {"SpotPriceLimit": ""}}"#,
                r#"{"SpotSpec": {"SpotPriceLimit": "0.12"}}"#,
                r#"{"SpotSpec": {"SpotPriceLimit": "12.345"}}"#,
            ],
            &[
                (r#"{"SpotSpec": {"SpotPriceLimit": "0"}}"#, LIMIT),
                (r#"{"SpotSpec": {"SpotPriceLimit": "0.1234"}}"#, LIMIT),
                (r#"{"SpotSpec": {"SpotPriceLimit": "-1"}}"#, LIMIT),
                (r#"{"SpotSpec": {"SpotPriceLimit": "1 CNY"}}"#, LIMIT),
            ],
        );
        check_fixes(
            "R93",
            &[
                (
                    r#"{"SpotSpec": {"SpotPriceLimit": " 0.12 "}}"#,
                    Some(r#"{"SpotSpec": {"SpotPriceLimit": "0.12"}}"#),
                ),
                (r#"{"SpotSpec": {"SpotPriceLimit": "1 CNY"}}"#, None),
            ],
        );
    }

    #[test]
    fn r94_ceilings_that_are_not_used() {
        let both = r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo", "SpotPriceLimit": "1", "SpotDiscountLimit": "0.1"}}"#;
        let share =
            r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo", "SpotDiscountLimit": "0.1"}}"#;
        let neither = r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}}"#;
        check_cases(
            "R94",
            &[
                "{}",
                neither,
                r#"{"SpotSpec": {"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "1"}}"#,
                r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo", "SpotDiscountLimit": "0.1"}, "ResourceId": "q"}"#,
            ],
            &[(both, LIMIT), (share, LIMIT)],
        );
        check_fixes("R94", &[(both, Some(neither)), (share, Some(neither))]);
    }

    #[test]
    fn r95_protected_hours() {
        check_cases(
            "R95",
            &[
                "{}",
                r#"{"SpotSpec": {"SpotDuration": ""}}"#,
                r#"{"SpotSpec": {"SpotDuration": "0"}}"#,
                r#"{"SpotSpec": {"SpotDuration": "1"}}"#,
            ],
            &[
                (r#"{"SpotSpec": {"SpotDuration": "2"}}"#, DURATION),
                (r#"{"SpotSpec": {"SpotDuration": "0.5"}}"#, DURATION),
                (r#"{"SpotSpec": {"SpotDuration": "-1"}}"#, DURATION),
            ],
        );
        check_fixes(
            "R95",
            &[
                (
                    r#"{"SpotSpec": {"SpotDuration": "1 "}}"#,
                    Some(r#"{"SpotSpec": {"SpotDuration": "1"}}"#),
                ),
                (r#"{"SpotSpec": {"SpotDuration": "2"}}"#, None),
                (r#"{"SpotSpec": {"SpotDuration": "1h"}}"#, None),
            ],
        );
    }

    #[test]
    fn r96_spot_on_a_quota() {
        check_cases(
            "R96",
            &[
                r#"{"ResourceId": "quota1"}"#,
                r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo", "SpotDuration": "1"}}"#,
                r#"{"SpotSpec": {"SpotDiscountLimit": "0.1"}, "ResourceId": "quota1"}"#,
            ],
            &[
                (
                    r#"{"SpotSpec": {"SpotStrategy": "SpotAsPriceGo"}, "ResourceId": "quota1"}"#,
                    SHARE,
                ),
                (
                    r#"{"SpotSpec": {"SpotDuration": "1"}, "ResourceId": "quota1"}"#,
                    &["SpotSpec.SpotDuration", "SpotSpec.SpotDiscountLimit"],
                ),
            ],
        );
    }

    #[test]
    fn r97_shares() {
        check_cases(
            "R97",
            &[
                "{}",
                r#"{"SpotSpec": {"SpotDiscountLimit": ""}}"#,
                r#"{"SpotSpec": {"SpotDiscountLimit": "0.1"}}"#,
                r#"{"SpotSpec": {"SpotDiscountLimit": "1.0"}}"#,
            ],
            &[
                (r#"{"SpotSpec": {"SpotDiscountLimit": "0"}}"#, SHARE),
                (r#"{"SpotSpec": {"SpotDiscountLimit": "10"}}"#, SHARE),
                (r#"{"SpotSpec": {"SpotDiscountLimit": "10%"}}"#, SHARE),
            ],
        );
        check_fixes(
            "R97",
            &[
                (
                    r#"{"SpotSpec": {"SpotDiscountLimit": " 0.1"}}"#,
                    Some(r#"{"SpotSpec": {"SpotDiscountLimit": "0.1"}}"#),
                ),
                (r#"{"SpotSpec": {"SpotDiscountLimit": "10%"}}"#, None),
            ],
        );
    }
}
