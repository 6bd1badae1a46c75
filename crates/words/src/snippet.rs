//! What is said of a request as code, by the page and by the command line.

use crate::fill;

/// That a variable of the environment is to hold a secret of the request. `member` is the secret's, such as `ImageAuth`.
pub fn held(variable: &str, member: &str) -> String {
    fill("{} is to hold the value of {}.", &[variable, member])
}
