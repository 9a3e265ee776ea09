// What a report is asked, inside the page: what is in it, whether tables sort and filter, whether charts
// have drawn. Each check is [what, good, detail].
"use strict";
const fs = require("fs");

// Nothing but what the report puts there itself.
function structure() {
	const policy = document.querySelector("meta[http-equiv=Content-Security-Policy]");
	const foreign = Array.from(document.querySelectorAll(
		"img, iframe, object, embed, link, base, form, audio, video, image, use, foreignObject, animate, set, a[href^='javascript:' i]"), (e) => e.outerHTML.slice(0, 200));
	const handlers = [];
	for (const element of document.querySelectorAll("*"))
		for (const { name } of element.attributes)
			if (/^on/i.test(name) || name === "style" && !element.closest(".uplot") || /^(src|srcdoc|href|xlink:href|action|formaction)$/i.test(name) && !/^#/.test(element.getAttribute(name)))
				handlers.push(`${element.tagName} ${name}="${element.getAttribute(name).slice(0, 100)}"`);
	const scripts = Array.from(document.scripts, (s) => s.type || "text/javascript");
	return { policy: policy ? policy.content : "", foreign, handlers, scripts,
		sections: Array.from(document.querySelectorAll("section[id]"), (s) => s.id),
		tables: Array.from(document.querySelectorAll("table[data-table]"), (t) => t.dataset.table),
		text: document.body.textContent };
}

// Sorts a table by each column, both ways; returns what is out of order.
function sorting(index) {
	const table = document.querySelectorAll("table[data-table]")[index];
	const body = table.tBodies[0];
	const before = Array.from(body.rows, (row) => row.textContent).sort().join("\n");
	const collator = new Intl.Collator("en", { numeric: true });
	const wrong = [];
	for (const button of table.querySelectorAll("th button")) {
		const th = button.closest("th"), seen = new Set();
		for (let click = 0; click < 2; click++) {
			button.click();
			const sort = th.getAttribute("aria-sort");
			seen.add(sort);
			if (table.querySelectorAll("th[aria-sort=ascending], th[aria-sort=descending]").length !== 1)
				wrong.push(`${th.textContent}: more than one column is marked`);
			const cells = Array.from(body.rows, (row) => row.cells[th.cellIndex]);
			const values = cells.map((c) => c.hasAttribute("data-v") ? Number(c.dataset.v) : c.textContent);
			const filled = values.filter((v) => v !== "");
			if (values.slice(filled.length).some((v) => v !== ""))
				wrong.push(`${th.textContent} ${sort}: empty cells are not last`);
			for (let i = 1; i < filled.length; i++) {
				const [a, b] = [filled[i - 1], filled[i]];
				const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
				if (sort === "ascending" ? order > 0 : order < 0) {
					wrong.push(`${th.textContent} ${sort}: ${a} before ${b}`);
					break;
				}
			}
		}
		if (!seen.has("ascending") || !seen.has("descending"))
			wrong.push(`${th.textContent}: ${[...seen]}`);
	}
	if (Array.from(body.rows, (row) => row.textContent).sort().join("\n") !== before)
		wrong.push("rows were lost");
	if (!table.querySelector("th button"))
		wrong.push("nothing to sort by");
	return wrong;
}

// Filters by a word of one row, by nonsense, and not at all.
function filtering(index) {
	const table = document.querySelectorAll("table[data-table]")[index];
	const scope = table.closest("section") || document;
	const input = Array.from(scope.querySelectorAll("input[data-filter]")).filter((i) => i.dataset.filter === table.dataset.table)
		.find((i) => i.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
	if (!input)
		return ["no filter"];
	const rows = Array.from(table.tBodies[0].rows);
	const shown = () => rows.filter((row) => row.getClientRects().length > 0);
	const type = (text) => {
		input.value = text;
		input.dispatchEvent(new Event("input", { bubbles: true }));
	};
	const all = shown().length, wrong = [];
	const row = rows[Math.floor(rows.length / 2)];
	const cell = Array.from(row.cells).find((c) => !c.hasAttribute("data-v") && c.textContent.trim());
	if (cell) {
		const word = cell.textContent.trim().split(/\s+/)[0].toLowerCase();
		type(word);
		if (!shown().includes(row))
			wrong.push(`"${word}" hides its own row`);
		if (shown().some((r) => !r.textContent.toLowerCase().includes(word)))
			wrong.push(`"${word}" shows others`);
		const must = rows.filter((r) => r.cells[cell.cellIndex].textContent.toLowerCase().includes(word));
		if (must.some((r) => !shown().includes(r)))
			wrong.push(`"${word}" hides rows that have it`);
	}
	type("no row has this");
	if (shown().length)
		wrong.push("nonsense shows rows");
	type("");
	if (shown().length !== all)
		wrong.push("not all come back");
	return wrong;
}

// What a chart has drawn: coloured pixels of its canvases, and a sum over all of them.
function drawn(id) {
	const figure = document.querySelector(`figure[data-chart="${id}"]`);
	if (!figure)
		return null;
	let coloured = 0, sum = 0;
	const canvases = figure.querySelectorAll(".uplot canvas");
	for (const canvas of canvases) {
		const copy = document.createElement("canvas");
		copy.width = canvas.width;
		copy.height = canvas.height;
		const context = copy.getContext("2d", { willReadFrequently: true });
		context.drawImage(canvas, 0, 0);
		const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
		for (let i = 0; i < data.length; i += 4) {
			const high = Math.max(data[i], data[i + 1], data[i + 2]), low = Math.min(data[i], data[i + 1], data[i + 2]);
			coloured += data[i + 3] > 0 && high - low > 40;
			sum = (sum * 31 + data[i] + data[i + 1] * 3 + data[i + 2] * 7 + data[i + 3] * 11) % 4294967291;
		}
	}
	const still = Array.from(figure.querySelectorAll(".static rect, .static path, .static polyline"))
		.filter((e) => e.getClientRects().length && e.getBBox().width > 0);
	return { canvases: canvases.length, coloured, sum, still: still.length };
}

// The labels of time axes drawn last: none twice, none upon another, none beyond the edge.
function axes() {
	const rows = new Map(), wrong = [];
	for (const label of window.written.splice(0)) {
		if (!label.centred || !label.canvas.isConnected)
			continue;
		const row = rows.get(label.canvas) || [];
		rows.set(label.canvas, row.length && label.left < row[row.length - 1].left ? [label] : [...row, label]);
	}
	for (const [canvas, row] of rows) {
		if (new Set(row.map((l) => l.text)).size < row.length)
			wrong.push(`twice the same: ${row.map((l) => l.text).join(", ")}`);
		row.forEach((label, i) => {
			if (label.left < 0 || label.right > canvas.width)
				wrong.push(`cut off: ${label.text}`);
			if (i && label.left < row[i - 1].right + 4)
				wrong.push(`${row[i - 1].text} and ${label.text} touch`);
		});
	}
	return { axes: rows.size, wrong };
}

// Where the slice with the most calls ends in the first chart, from 0 to 1, and how many calls it has.
function busiest() {
	const run = JSON.parse(document.getElementById("data").textContent)[0];
	const grids = Object.values(run).filter((g) => g.lines.length), { first, slice, lines: [{ values }] } = run.timeline;
	const begin = Math.min(...grids.map((g) => g.first)), end = Math.max(...grids.map((g) => g.first + g.lines[0].values.length * g.slice));
	const most = Math.max(...values);
	return { at: (first + (values.indexOf(most) + 0.8) * slice - begin) / (end - begin), calls: most.toLocaleString("en-US") };
}

async function charts(page, report) {
	const found = [];
	for (const id of report.charts || []) {
		const before = await page.evaluate(drawn, id);
		found.push([`figure ${id} has drawn`, before && (before.canvases ? before.coloured > 100 : before.still > 0), before]);
		if (!before || !before.canvases)
			continue;
		const press = (label) => page.locator(`figure[data-chart="${id}"] button[aria-label="${label}"]`).click();
		// Two frames: uPlot draws when the browser does.
		const settle = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
		await page.evaluate(axes);
		await press("Zoom in");
		await settle();
		const near = await page.evaluate(drawn, id);
		found.push([`figure ${id} zooms in`, near.sum !== before.sum, { before, near }]);
		for (let i = 0; i < 40; i++)
			await press("Zoom in");
		await settle();
		const close = await page.evaluate(axes);
		found.push([`figure ${id} has labels of time that can be told apart, close by`, close.axes && close.wrong.length === 0, close]);
		await press("The whole time");
		await settle();
		const far = await page.evaluate(axes);
		found.push([`figure ${id} has labels of time that can be read`, far.axes && far.wrong.length === 0, far]);
		const back = await page.evaluate(drawn, id);
		found.push([`figure ${id} shows all again`, back.sum === before.sum, { before, back }]);
		const over = page.locator(`figure[data-chart="${id}"] .u-over`).first();
		await over.scrollIntoViewIfNeeded();
		const box = await over.boundingBox();
		await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
		await page.mouse.up();
		await settle();
		const dragged = await page.evaluate(drawn, id);
		found.push([`figure ${id} zooms to what is dragged over`, dragged.sum !== before.sum, { before, dragged }]);
		if (id === "timeline") {
			await press("The whole time");
			const { at, calls } = await page.evaluate(busiest);
			await page.mouse.move(box.x + box.width * at, box.y + box.height / 2);
			await settle();
			const told = await page.locator(`figure[data-chart="${id}"] .u-legend`).first().textContent();
			found.push([`figure ${id} tells of the slice that is pointed at`, told.endsWith(`calls${calls}`), { told, calls }]);
		}
		await page.mouse.dblclick(box.x + box.width * 0.5, box.y + box.height / 2);
		await page.mouse.move(0, 0);
		await settle();
		const clicked = await page.evaluate(drawn, id);
		found.push([`figure ${id} shows all when it is double-clicked`, clicked.sum === before.sum, { before, clicked }]);
	}
	return found;
}

async function flame(page) {
	const frames = () => page.evaluate(() => Array.from(document.querySelectorAll(".flame svg svg"), (s) => s.getAttribute("width")));
	const before = await frames();
	if (before.length < 4)
		return [["the flame view has frames", false, before]];
	const narrow = before.findIndex((width) => parseFloat(width) < 99);
	await page.evaluate((i) => document.querySelectorAll(".flame svg svg")[i].dispatchEvent(new MouseEvent("click", { bubbles: true })), narrow);
	const near = await frames();
	const unnamed = await page.evaluate(() => Array.from(document.querySelectorAll(".flame svg svg"),
		(s) => [s.querySelector("title").textContent, s.querySelector("text").textContent]).filter(([title, name]) => !title.startsWith(name + ": ")));
	await page.locator("button", { hasText: "All stacks" }).first().click();
	const back = await frames();
	return [["the flame view has frames", true], ["a frame that is clicked takes the whole width", parseFloat(near[narrow]) > 99.9, near[narrow]],
		["and gives it back", back.every((w, i) => Math.abs(parseFloat(w) - parseFloat(before[i])) < 1e-3), { before, back }],
		["frames have their whole names", unnamed.length === 0, unnamed]];
}

async function keyboard(page) {
	await page.keyboard.press("Tab");
	for (let i = 0; i < 60; i++) {
		const at = await page.evaluate(() => document.activeElement.matches("th button"));
		if (at)
			break;
		await page.keyboard.press("Tab");
	}
	await page.keyboard.press("Enter");
	const state = await page.evaluate(() => {
		const e = document.activeElement, style = getComputedStyle(e);
		return { sorted: Boolean(e.closest("th[aria-sort]")), ring: style.outlineStyle !== "none" || style.boxShadow !== "none" };
	});
	return [["a table can be sorted by the keyboard", state.sorted, state], ["what has the focus is marked", state.ring, state]];
}

exports.all = async function (page, report) {
	const s = await page.evaluate(structure);
	const found = [
		["the policy forbids everything else", /default-src 'none'/.test(s.policy) && /script-src '?[^;]*sha256-/.test(s.policy)
			&& !/unsafe-|\bhttps?:|\*/.test(s.policy), s.policy],
		["no foreign elements", s.foreign.length === 0, s.foreign],
		["no handlers, styles or addresses in attributes", s.handlers.length === 0, s.handlers],
		["only scripts of its own", s.scripts.filter((t) => t === "text/javascript").length <= 1 && s.scripts.length <= 2, s.scripts],
	];
	for (const text of report.shows || [])
		found.push([`shows ${text.slice(0, 60)}`, s.text.includes(text), s.text.slice(0, 1500)]);
	for (const text of report.hides || [])
		found.push([`does not show ${text.slice(0, 60)}`, !s.text.includes(text)]);
	for (const section of report.sections || [])
		found.push([`has the section ${section}`, s.sections.includes(section), s.sections]);
	for (const table of report.tables || [])
		found.push([`has the table ${table}`, s.tables.includes(table), s.tables]);
	for (let i = 0; i < s.tables.length; i++) {
		for (const [what, check] of [["filters", filtering], ["sorts", sorting]]) {
			const wrong = await page.evaluate(check, i);
			found.push([`table ${i} (${s.tables[i]}) ${what}`, wrong.length === 0, wrong]);
		}
	}
	found.push(...await charts(page, report));
	if (report.flame)
		found.push(...await flame(page));
	if (report.look)
		found.push(...await keyboard(page));
	return found;
};

// Lightness of what is behind the text, 0 to 255.
exports.background = (page) => page.evaluate(() => {
	const colours = [document.body, document.documentElement].map((e) => getComputedStyle(e).backgroundColor);
	const rgb = (colours.find((c) => !/, 0\)$|transparent/.test(c)) || "rgb(255, 255, 255)").match(/[\d.]+/g).map(Number);
	return (rgb[0] + rgb[1] + rgb[2]) / 3;
});

exports.printable = (page) => page.evaluate(() =>
	Array.from(document.querySelectorAll("input, .tools button")).every((e) => e.getClientRects().length === 0));

// What of one run is printed upon the other.
exports.overlaps = (page) => page.evaluate(() => {
	const edge = (e) => e.getBoundingClientRect();
	return Array.from(document.querySelectorAll(".runs > .run"), (run) => Array.from(run.querySelectorAll("table"))
		.filter((table) => edge(table).right > edge(run).right + 1)
		.map((table) => `${table.textContent.slice(0, 40)}: ${edge(table).right} > ${edge(run).right}`)).flat();
});

// What axe finds that keeps people out.
exports.accessible = async function (page) {
	await page.waitForFunction(() => document.documentElement.dataset.ready === "yes");
	await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
	const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
	return violations.filter((v) => ["serious", "critical"].includes(v.impact))
		.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
};
