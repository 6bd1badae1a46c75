//! How code carries the members of a request that its target cannot say, so that the code pasted back is the whole
//! request again. `dsw-snippets` writes them and `dsw-form` reads them: JSON objects whose names are JSON Pointers
//! into the body, whose values belong there, and whose secrets are the names of their variables as `${DSW_…}`.

/// What stands before such an object in a comment, a line each, above the request.
pub const COMMENT: &str = "Left out of the request: ";

/// The member of a template's `Metadata` that is such an object.
pub const METADATA: &str = "LeftOutOfTheRequest";
