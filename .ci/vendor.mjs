// Copies the named dist files and licences of package-lock.json's packages to where the site and its tests serve them.
// Run by `npm ci --ignore-scripts && npm run vendor`; whoever only uses the product needs no Node.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

const SITE = "static/vendor";
const TESTS = "tests/browser/vendor";
const FILES = [
  ["chart.js/dist/chart.umd.min.js", `${SITE}/chart.umd.min.js`],
  ["chart.js/LICENSE.md", `${SITE}/licences/chart.js.txt`],
  ["@sgratzl/chartjs-chart-boxplot/build/index.umd.min.js", `${SITE}/chartjs-chart-boxplot.umd.min.js`],
  ["@sgratzl/chartjs-chart-boxplot/LICENSE", `${SITE}/licences/chartjs-chart-boxplot.txt`],
  ["chartjs-chart-matrix/dist/chartjs-chart-matrix.min.js", `${SITE}/chartjs-chart-matrix.min.js`],
  ["chartjs-chart-matrix/LICENSE", `${SITE}/licences/chartjs-chart-matrix.txt`],
  ["chartjs-plugin-annotation/dist/chartjs-plugin-annotation.min.js", `${SITE}/chartjs-plugin-annotation.min.js`],
  ["chartjs-plugin-annotation/LICENSE.md", `${SITE}/licences/chartjs-plugin-annotation.txt`],
  ["htmx.org/dist/htmx.min.js", `${SITE}/htmx.min.js`],
  ["htmx.org/LICENSE", `${SITE}/licences/htmx.org.txt`],
  ["@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", `${SITE}/inter-latin-wght-normal.woff2`],
  ["@fontsource-variable/inter/LICENSE", `${SITE}/licences/inter.txt`],
  ["axe-core/axe.min.js", `${TESTS}/axe.min.js`],
  ["axe-core/LICENSE", `${TESTS}/licences/axe-core.txt`],
];

// The manifest storage refuses a map that is not there.
const withoutSourceMap = (text) => text.replace(/^\/\/# sourceMappingURL=.*\n?/m, "");

async function vendor(source, target) {
  await mkdir(dirname(target), { recursive: true });
  if (!target.endsWith(".js")) return copyFile(source, target);
  return writeFile(target, withoutSourceMap(await readFile(source, "utf8")));
}

for (const folder of [SITE, TESTS]) await rm(folder, { recursive: true, force: true });
for (const [source, target] of FILES) await vendor(`node_modules/${source}`, target);
console.log(`${FILES.length} files copied to ${SITE} and ${TESTS}.`);
