/** How the browser is started. */
export const FLAGS = [
  '--headless=new',
  '--no-sandbox', // It may run as root, where Chromium's sandbox does not start.
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
