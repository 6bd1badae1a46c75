//! Mounts the application.

fn main() {
    dsw_page::app::mount();
}
