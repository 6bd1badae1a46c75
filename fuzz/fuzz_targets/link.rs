//! Links as they stand behind `#`, and what one holds.

#![no_main]

use dsw_form::draft::Draft;
use dsw_form::link::{Parcel, bytes, fragment, place};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = bytes(text);
        let _ = place(&Draft::default(), text);
    }
    if !data.is_empty() {
        assert_eq!(bytes(&fragment(data)).as_deref(), Ok(data));
    }
    if let Ok(parcel) = Parcel::read(data) {
        let again = Parcel::read(parcel.write().as_bytes());
        assert_eq!(again.as_ref(), Ok(&parcel), "it is read as it was written");
        let shared = Parcel::new(&parcel.import().draft, &parcel.secrecy(), &parcel.region);
        let name = shared.left_out.first().map(String::as_str);
        let _ = place(&shared.import().draft, name.unwrap_or_default());
    }
});
