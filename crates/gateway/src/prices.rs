//! What machines cost, as the service says: asked for only where a policy has a ceiling, and kept for a while.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dsw_form::offers::{self, Part, asks, is_last_page, learn};
use dsw_model::descriptor::Source;
use dsw_model::rules::{Context, Price};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::app::App;
use crate::forward::{Unanswered, ask};
use crate::operation::Operation;
use crate::region::Region;
use crate::reply::object;
use crate::upstream::Call;

/// How long prices are taken for current.
const KEPT: Duration = Duration::from_mins(10);

/// The longest that a create waits for them: without them they are not known, and the policy says what then.
const WAIT: Duration = Duration::from_secs(5);

/// The most pages that are read. A service that counts wrong is not asked for ever.
const MAX_PAGES: u64 = 20;

/// What the machines of a region cost, by their names.
pub type Known = Arc<BTreeMap<String, Price>>;

/// The prices of each region that was asked for. Cheap to clone; all clones know the same.
#[derive(Clone, Debug, Default)]
pub struct Prices(Arc<Mutex<HashMap<Region, (Instant, Known)>>>);

impl Prices {
    /// What the machines of a region cost; nothing is known where the service does not say it in time.
    pub async fn of(&self, app: &App, region: Region) -> Known {
        let deadline = Instant::now() + WAIT;
        // Who comes while they are fetched waits for them instead of fetching them too.
        let Ok(mut all) = tokio::time::timeout_at(deadline, self.0.lock()).await else {
            return Known::default();
        };
        if let Some((since, known)) = all.get(&region)
            && since.elapsed() < KEPT
        {
            return Arc::clone(known);
        }
        match fetch(app, region, deadline).await {
            Ok(known) => {
                let known = Arc::new(known);
                all.insert(region, (Instant::now(), Arc::clone(&known)));
                known
            }
            Err(unanswered) => {
                let error = unanswered.into_error(app);
                let code = error.code.as_str();
                tracing::warn!(code, "what machines cost could not be learned");
                Known::default()
            }
        }
    }
}

async fn fetch(
    app: &App,
    region: Region,
    deadline: Instant,
) -> Result<BTreeMap<String, Price>, Unanswered> {
    let mut context = Context::default();
    for list in asks(Source::Machines, &Part::default()) {
        for number in 1..=MAX_PAGES {
            let call = Call {
                operation: Operation::ListEcsSpecs,
                region,
                id: None,
                query: list.page(number),
                body: Bytes::new(),
            };
            let page = object(&ask(app, &call, deadline).await?);
            let page = Value::Object(page.unwrap_or_default());
            learn(Source::Machines, &page, false, &mut context);
            if is_last_page(&page, number) || offers::rows(Source::Machines, &page) == 0 {
                break;
            }
        }
    }
    Ok(context.prices)
}
