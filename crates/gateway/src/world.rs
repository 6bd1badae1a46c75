//! What a program takes from the world around it: the time and randomness. Both are arguments, so that tests
//! can tell what time it is.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// The clock and the source of randomness.
#[derive(Clone)]
pub struct World {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    random: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
}

impl World {
    /// A world with this clock and these random numbers.
    pub fn new(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn() -> [u8; 16] + Send + Sync + 'static,
    ) -> Self {
        Self {
            now: Arc::new(now),
            random: Arc::new(random),
        }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// 128 random bits.
    pub fn random(&self) -> [u8; 16] {
        (self.random)()
    }

    /// 128 random bits as 32 hex digits.
    pub fn token(&self) -> String {
        hex::encode(self.random())
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}
