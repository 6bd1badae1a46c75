//! The way of an instance that is accepted: its states with their times, and what may stand in the way.

use jiff::{SignedDuration, Timestamp};

use super::answer::{Object, Refusal};
use super::body::{number, object, one_of, text};
use super::catalogue::{label_of, number_of, text_of};
use super::creation::Order;
use super::instance::{Size, Status, Step};

/// How many times as long an instance waits whose quota is fully used.
const BUSY_FACTOR: i32 = 10;

/// Share of its price that a machine costs as a spot machine at the moment.
const SPOT_SHARE: f64 = 0.2;

/// Why an instance does not come to run, and in which state it fails.
pub(super) struct Obstacle {
    at: Status,
    code: &'static str,
    message: &'static str,
}

impl Order<'_> {
    /// What keeps an instance that is accepted from running.
    pub(super) fn obstacle(
        &self,
        body: &Object,
        size: &Size,
        image_url: &str,
    ) -> Result<Option<Obstacle>, Refusal> {
        if let Some(obstacle) = self.spot_obstacle(body)? {
            return Ok(Some(obstacle));
        }
        let fails = |at, code, message| Ok(Some(Obstacle { at, code, message }));
        if image_url.contains("missing") {
            return fails(
                Status::EnvPreparing,
                "ImagePullBackOff",
                "The image was not found in its registry.",
            );
        }
        if image_url.contains("private") && text(body, "ImageAuth")?.is_none() {
            return fails(
                Status::EnvPreparing,
                "ImagePullBackOff",
                "The registry refused to give the image without a login (ImageAuth).",
            );
        }
        let chip = text(body, "ImageId")?
            .and_then(|id| self.catalogue.image(id))
            .and_then(|image| label_of(image, "system.chipType"));
        match chip {
            Some("GPU") if size.gpu == 0.0 => {
                return fails(
                    Status::Starting,
                    "ImageIncompatible",
                    "The image is for GPU and the machine has none.",
                );
            }
            Some("CPU") if size.gpu > 0.0 => {
                return fails(
                    Status::Starting,
                    "ImageIncompatible",
                    "The image is for CPU and the machine has a GPU.",
                );
            }
            _ => {}
        }
        let on_start = object(body, "UserCommand")?.map(|command| object(command, "OnStart"));
        if let Some(on_start) = on_start.transpose()?.flatten()
            && text(on_start, "Content")?.is_some_and(|script| script.contains("exit 1"))
        {
            return fails(
                Status::Starting,
                "UserCommandFailed",
                "The start script ended with exit code 1.",
            );
        }
        Ok(None)
    }

    /// What keeps a spot machine from being had.
    fn spot_obstacle(&self, body: &Object) -> Result<Option<Obstacle>, Refusal> {
        let Some(spot) = object(body, "SpotSpec")? else {
            return Ok(None);
        };
        let Some(machine) = self.catalogue.machine(text_of(body, "EcsSpec")) else {
            return Ok(None);
        };
        let strategy = one_of(
            spot,
            "SpotStrategy",
            &["SpotWithPriceLimit", "SpotAsPriceGo"],
        )?
        .ok_or_else(|| Refusal::validation("SpotSpec.SpotStrategy is required."))?;
        let limit = text(spot, "SpotPriceLimit")?
            .map(|limit| {
                number(limit).ok_or_else(|| {
                    Refusal::validation("SpotSpec.SpotPriceLimit must be a number in text.")
                })
            })
            .transpose()?;
        if strategy == "SpotWithPriceLimit" && limit.is_none() {
            return Err(Refusal::validation(
                "SpotSpec.SpotPriceLimit is required with SpotWithPriceLimit.",
            ));
        }
        if text_of(machine, "SpotStockStatus") != "WithStock" {
            return Ok(Some(Obstacle {
                at: Status::ResourceAllocating,
                code: "NoStock",
                message: "There is no spot machine of this type at the moment.",
            }));
        }
        let market = number_of(machine, "Price") * SPOT_SHARE;
        let is_low = strategy == "SpotWithPriceLimit" && limit.is_some_and(|limit| limit < market);
        Ok(is_low.then_some(Obstacle {
            at: Status::ResourceAllocating,
            code: "SpotPriceTooLow",
            message: "SpotPriceLimit is below the market price.",
        }))
    }

    /// The states on the way, with their times.
    pub(super) fn way(
        &self,
        has_quota: bool,
        is_busy: bool,
        obstacle: Option<Obstacle>,
    ) -> Vec<Step> {
        let whole = SignedDuration::try_from(self.start_takes).unwrap_or(SignedDuration::MAX);
        let part = |percent: i32| whole.checked_mul(percent).unwrap_or(whole) / 100;
        let wait = if is_busy {
            whole.checked_mul(BUSY_FACTOR).unwrap_or(whole)
        } else {
            SignedDuration::ZERO
        };
        let after = |percent| {
            let offset = part(percent)
                .checked_add(wait)
                .unwrap_or(SignedDuration::MAX);
            self.now.checked_add(offset).unwrap_or(Timestamp::MAX)
        };
        let mut way = vec![(self.now, Status::Creating)];
        if has_quota {
            way.push((
                self.now.checked_add(part(5)).unwrap_or(self.now),
                Status::Queuing,
            ));
        }
        way.extend([
            (after(15), Status::ResourceAllocating),
            (after(35), Status::EnvPreparing),
            (after(70), Status::Starting),
            (after(100), Status::Running),
        ]);
        let mut steps = Vec::with_capacity(way.len());
        let mut is_blocked = false;
        for (at, status) in way {
            let reason = obstacle.as_ref().filter(|_| is_blocked);
            steps.push(Step {
                at,
                status: if is_blocked { Status::Failed } else { status },
                reason: reason.map(|why| (why.code.to_owned(), why.message.to_owned())),
            });
            if is_blocked {
                break;
            }
            is_blocked = obstacle.as_ref().is_some_and(|why| why.at == status);
        }
        steps
    }
}
