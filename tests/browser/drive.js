// Opens reports in Chromium and tells in TAP what they do there. The first argument is a list of reports
// as JSON: name, file, and what is expected of it (see report.t). Screenshots go to $SP_SCREENSHOTS.
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { chromium } = require("playwright-core");
const page_checks = require("./checks.js");

const reports = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const pictures = process.env.SP_SCREENSHOTS;
let count = 0, failed = 0;

function ok(good, what, detail) {
	count++;
	failed += !good;
	console.log(`${good ? "ok" : "not ok"} ${count} - ${what.replace(/[^ -~]/g, "?").replace(/#/g, "")}`);
	if (!good && detail !== undefined)
		console.log(String(typeof detail === "string" ? detail : JSON.stringify(detail, null, 1)).slice(0, 3000)
			.replace(/[^ -~\n]/g, "?").replace(/^/gm, "# "));
	return good;
}

// What must not happen, from before the first byte of the page on.
function watch() {
	window.happened = [];
	for (const name of ["pwned", "alert", "confirm", "prompt", "print", "open"])
		window[name] = () => { window.happened.push(name); };
	window.written = [];
	const write = CanvasRenderingContext2D.prototype.fillText;
	CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
		const half = this.measureText(text).width / 2;
		window.written.push({ text, y, canvas: this.canvas, centred: this.textAlign === "center", left: x - half, right: x + half });
		return write.call(this, text, x, y);
	};
	document.addEventListener("securitypolicyviolation", (event) =>
		window.happened.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.lineNumber}`));
}

async function open(browser, report, settings) {
	const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, reducedMotion: "reduce", ...settings });
	const page = await context.newPage();
	const url = pathToFileURL(report.file).href;
	const bad = [];
	page.on("pageerror", (error) => bad.push(`error: ${error.stack || error}`));
	page.on("console", (message) => ["error", "warning"].includes(message.type()) && bad.push(`console: ${message.text()}`));
	page.on("request", (request) => request.url() !== url && bad.push(`request: ${request.url().slice(0, 200)}`));
	page.on("dialog", (dialog) => { bad.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	page.on("popup", () => bad.push("popup"));
	page.on("framenavigated", (frame) => frame.url().split("#")[0] !== url && bad.push(`navigation: ${frame.url().slice(0, 200)}`));
	await page.addInitScript(watch);
	await page.goto(url);
	const quiet = async () => bad.concat(await page.evaluate(() => window.happened));
	return { page, quiet, close: () => context.close() };
}

async function picture(page, name) {
	if (pictures)
		await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
}

async function check(browser, report) {
	const name = report.name;
	const size = fs.statSync(report.file).size;
	ok(size < 1 << 20, `${name}: less than 1 MiB`, `${size} bytes`);
	const { page, quiet, close } = await open(browser, report);
	const ready = await page.waitForFunction(() => document.documentElement.dataset.ready === "yes", null, { timeout: 15000 })
		.then(() => true, () => false);
	ok(ready, `${name}: is ready`, await quiet());
	for (const [what, good, detail] of await page_checks.all(page, report))
		ok(good, `${name}: ${what}`, detail);
	const noise = await quiet();
	ok(noise.length === 0, `${name}: no error, no request, nothing of the trace runs`, noise);
	await picture(page, name);
	await close();
}

// As people look at it: in the dark, on a small screen, on paper, without scripts, with a screen reader.
async function look(browser, report) {
	const name = report.name;
	const dark = await open(browser, report, { colorScheme: "dark" });
	const light = await open(browser, report, { colorScheme: "light" });
	const [night, day] = [await page_checks.background(dark.page), await page_checks.background(light.page)];
	ok(night < 80 && day > 200, `${name}: dark in the dark and light in the light`, { night, day });
	for (const [mode, { page }] of [["light", light], ["dark", dark]].slice(0, report.look)) {
		const violations = await page_checks.accessible(page);
		ok(violations.length === 0, `${name}: accessible, ${mode}`, violations);
	}
	await picture(dark.page, `${name}-dark`);
	await light.page.emulateMedia({ media: "print" });
	const paper = await light.page.pdf({ format: "A4" });
	ok(paper.length > 20000, `${name}: can be printed`, paper.length);
	ok(await page_checks.printable(light.page), `${name}: on paper there are no controls`);
	await light.page.setViewportSize({ width: 718, height: 1046 }); // A4 without its margins
	const overlaps = await page_checks.overlaps(light.page);
	ok(overlaps.length === 0, `${name}: on paper nothing lies upon another`, overlaps);
	if (pictures)
		fs.writeFileSync(path.join(pictures, `${name}.pdf`), paper);
	await dark.close();
	await light.close();

	const small = await open(browser, report, { viewport: { width: 390, height: 800 } });
	const wide = await small.page.evaluate(() => document.documentElement.scrollWidth);
	ok(wide <= 391, `${name}: fits a small screen`, wide);
	await picture(small.page, `${name}-small`);
	await small.close();

	const plain = await browser.newContext({ javaScriptEnabled: false });
	const page = await plain.newPage();
	await page.goto(pathToFileURL(report.file).href);
	ok((await page.locator("table tr").count()) > 10 && (await page.locator(".static rect, .static path").count()) > 0,
		`${name}: without scripts there are tables and charts`);
	await picture(page, `${name}-plain`);
	await plain.close();
}

(async () => {
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM,
		args: process.getuid() === 0 ? ["--no-sandbox"] : [],
	});
	for (const report of reports) {
		await check(browser, report);
		if (report.look)
			await look(browser, report);
	}
	await browser.close();
	console.log(`1..${count}`);
	process.exit(failed ? 1 : 0);
})().catch((error) => {
	console.log(`Bail out! ${String(error.stack || error).split("\n").slice(0, 4).join(" | ")}`);
	process.exit(2);
});
