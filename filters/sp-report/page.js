/* The page works without this script. With it tables sort and filter, charts zoom and stacks open.
 * All files beside this one are joined into one script; text reaches the page by textContent only. */
function make(tag, attributes, text) {
	"use strict";
	const element = document.createElement(tag);
	for (const name of Object.keys(attributes || {}))
		element.setAttribute(name, attributes[name]);
	if (text !== undefined)
		element.textContent = text;
	return element;
}

/* Three digits and a unit, as the tables have them. */
function scaled(value, units) {
	"use strict";
	let unit = units[0];
	for (const u of units)
		if (Math.abs(value) >= (u[2] || u[1]))
			unit = u;
	const v = value / unit[1];
	const digits = v === 0 || unit[1] === 1 && Number.isInteger(v) ? 0 : Math.abs(v) < 9.995 ? 2 : Math.abs(v) < 99.95 ? 1 : 0;
	return v.toFixed(digits) + unit[0];
}
/* The name of a unit, its size, and where it begins when that is later. */
const TIME = [[" ns", 1], [" us", 1e3], [" ms", 1e6], [" s", 1e9], [" min", 6e10, 999.5e9], [" h", 36e11, 5997e9]];
const COUNT = [["", 1], [" k", 1e3], [" M", 1e6], [" G", 1e9]];
const showNs = (ns) => scaled(ns, TIME);
const showBytes = (n) => scaled(n, [[" B", 1], [" KiB", 1024], [" MiB", 1048576], [" GiB", 1073741824], [" TiB", 1099511627776]]);
const showCount = (n) => n.toLocaleString("en-US");

/* Paper shows what is folded away, but not every list of every stack. */
function openForPrint() {
	"use strict";
	const folded = ".lacks, #findings details, #latency details";
	const opened = [];
	addEventListener("beforeprint", () => {
		for (const details of document.querySelectorAll(folded))
			if (!details.open) {
				details.open = true;
				opened.push(details);
			}
	});
	addEventListener("afterprint", () => {
		for (const details of opened.splice(0))
			details.open = false;
	});
}

openForPrint();
startTables();
startFlame();
startCharts();
document.documentElement.dataset.ready = "yes";
