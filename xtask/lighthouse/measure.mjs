// Lighthouse's scores of the page: node measure.mjs <origin> <runs>. Of each figure it prints the one in the middle; an
// audit that finds something in any run is named. CHROMIUM names the browser.
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { FLAGS } from './flags.mjs';

const [origin, runs] = process.argv.slice(2);
const VIEWS = { start: '/#start', guided: '/#guided', 'all fields': '/#all' };
const DEVICES = { desktop: desktopConfig, mobile: undefined };
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const AUDITS = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

console.log(`| view | device | ${CATEGORIES.join(' | ')} | largest paint, ms | blocked, ms | layout shift |`);
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |');
const found = new Set();
for (const [view, path] of Object.entries(VIEWS)) {
  for (const [device, config] of Object.entries(DEVICES)) {
    const seen = [];
    for (let run = 0; run < Number(runs); run++) {
      const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: FLAGS });
      try {
        const options = { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' };
        const { lhr } = await lighthouse(origin + path, options, config);
        if (lhr.runtimeError) throw new Error(`${view}: ${lhr.runtimeError.message}`);
        for (const category of ['accessibility', 'best-practices']) {
          for (const { id } of lhr.categories[category].auditRefs) {
            if (lhr.audits[id].score === 0) found.add(`${view}, ${device}: ${lhr.audits[id].title} (${id})`);
          }
        }
        seen.push([
          ...CATEGORIES.map((category) => 100 * lhr.categories[category].score),
          ...AUDITS.map((id) => lhr.audits[id].numericValue),
        ]);
      } finally {
        chrome.kill();
      }
    }
    const digits = [0, 0, 0, 0, 0, 3];
    const figures = digits.map((digits, at) => middle(seen.map((row) => row[at])).toFixed(digits));
    console.log(`| ${view} | ${device} | ${figures.join(' | ')} |`);
  }
}
for (const finding of found) console.log(finding);
