// The theme that was chosen last in this browser, before anything is painted. The page's program, which comes later,
// takes it over from the root element and keeps it under the same name (`src/theme.rs`).
try {
  const theme = localStorage.getItem('dsw-composer.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing follows the system.
}
