/* Charts to zoom, drawn by uPlot where the build found it. Those of one run share the time they show. */
function startCharts() {
	"use strict";
	if (typeof uPlot === "undefined")
		return;
	const runs = JSON.parse(document.getElementById("data").textContent);
	const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
	const groups = runs.map((run) => ({ run, charts: [], setting: false, shown: { min: -Infinity, max: Infinity } }));

	/* One more x than slices, so that the last one has its width. */
	function times(grid) {
		const xs = [];
		const n = grid.lines[0].values.length;
		for (let i = 0; i <= n; i++)
			xs.push(grid.first + i * grid.slice);
		return xs;
	}

	/* No closer than two slices: what is in one is not known, and numbers have an end. */
	function showAll(group, min, max) {
		if (group.setting)
			return;
		const whole = extent(group);
		const slices = Object.values(group.run).map((g) => g.lines.length && g.lines[0].values.length > 1 ? g.slice : Infinity);
		const least = Math.min(whole.max - whole.min, 2 * Math.min(...slices));
		if (max - min < least) {
			min = Math.max(whole.min, Math.min((min + max - least) / 2, whole.max - least));
			max = min + least;
		}
		group.setting = true;
		group.shown = { min, max };
		for (const chart of group.charts)
			chart.setScale("x", { min, max });
		group.setting = false;
	}

	function extent(group) {
		let min = Infinity, max = -Infinity;
		for (const { data: [xs] } of group.charts) {
			min = Math.min(min, xs[0]);
			max = Math.max(max, xs[xs.length - 1]);
		}
		return { min, max };
	}

	function showWhole(group) {
		const { min, max } = extent(group);
		showAll(group, min, max);
	}

	/* Half or twice as much, or half a window on; never beyond what there is. */
	function move(group, factor, shift) {
		const whole = extent(group), now = group.charts[0].scales.x;
		const width = Math.min((now.max - now.min) * factor, whole.max - whole.min);
		let from = (now.min + now.max) / 2 - width / 2 + shift * width;
		from = Math.max(whole.min, Math.min(from, whole.max - width));
		showAll(group, from, from + width);
	}

	function axis(values, size, space = 30) {
		return { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 },
			values: (u, list, at, wide, step) => values(list, step), size, space, font: "12px system-ui, sans-serif" };
	}

	/* One unit for all, and the digits that tell one from the next. */
	const steps = (units) => (list, step) => {
		const most = Math.max(...list.map(Math.abs));
		const [unit, size] = units.reduce((fits, next) => most >= (next[2] || next[1]) ? next : fits);
		let digits = 0;
		for (let x = step / size; digits < 9 && (x < 0.999 || Math.abs(x - Math.round(x)) > 1e-3); x *= 10)
			digits++;
		return list.map((v) => v === 0 ? "0" : (v / size).toFixed(digits) + unit);
	};
	const seconds = steps(TIME.map(([unit, ns, from]) => [unit, ns / 1e9, (from || ns) / 1e9]));
	const moment = (time, grid) => seconds([time], grid.slice)[0];
	const whole = (text) => text.replace(/\.0+(?!\d)|(\.\d*[1-9])0+(?!\d)/, "$1");
	/* 512 KiB is easier to read than 0.5 MiB, and ranges of a scale of powers are far from each other. */
	const each = (show) => (list) => list.map((v) => v === null ? "" : v === 0 ? "0" : whole(show(v)));
	const labels = new Map([[showCount, steps(COUNT)], [showNs, steps(TIME)], [showBytes, each(showBytes)]]);

	/* From the slice that the window begins in to its last one. */
	function* visible(xs, { min, max }) {
		for (let i = 0; i + 1 < xs.length; i++)
			if (xs[i + 1] > min && xs[i] < max)
				yield i;
	}

	/* To the largest of what will be shown: the chart's own scale is still that of before. */
	function range(u, shown) {
		let most = 0;
		for (const i of visible(u.data[0], shown))
			for (const values of u.data.slice(1))
				most = Math.max(most, values[i]);
		return [0, most > 0 ? most * 1.08 : 1];
	}

	function options(group, figure, height, show, series) {
		return {
			width: Math.max(figure.clientWidth, 200), height, series: [{ label: "time", value: (u, v) => v === null ? "\u2013" : moment(v, group.run[figure.dataset.chart]) }, ...series],
			scales: { x: { time: false }, y: { range: (u) => range(u, group.shown) } },
			axes: [axis(seconds, 32, 80), axis(labels.get(show), 68)],
			cursor: { sync: { key: "run" + runs.indexOf(group.run), scales: ["x", null] }, drag: { x: true, y: false }, y: false,
				dataIdx: (u, s, at, x) => at > 0 && u.data[0][at] > x ? at - 1 : at, /* the slice that it is in, not the nearest */
				bind: { dblclick: () => () => showWhole(group) } },
			hooks: { setScale: [(u, key) => {
				if (key === "x" && group.charts.includes(u))
					showAll(group, u.scales.x.min, u.scales.x.max);
			}] },
			padding: [8, 36, 0, 0],
		};
	}

	function add(group, figure, settings, data, title) {
		const box = make("div", { class: "chart" });
		if (title)
			box.append(make("p", { class: "axis" }, title));
		figure.append(box);
		const chart = new uPlot(settings, data, box);
		chart.root.setAttribute("aria-hidden", "true");
		group.charts.push(chart);
		new ResizeObserver(() => {
			const width = Math.floor(box.clientWidth);
			if (width > 0 && width !== chart.width)
				chart.setSize({ width, height: settings.height });
		}).observe(box);
		return chart;
	}

	/* Whole powers of two, so that the axis says 4 KiB and not 3.91. */
	const binary = Array.from({ length: 50 }, (none, i) => 2 ** i);
	const round = Array.from({ length: 48 }, (none, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
	/* A bar as wide as its slice; neighbours share an edge. */
	function bars(u, at) {
		const fill = new Path2D(), bottom = Math.round(u.valToPos(0, "y", true));
		for (const i of visible(u.data[0], u.scales.x)) {
			if (!(u.data[at][i] > 0))
				continue;
			const left = Math.round(u.valToPos(u.data[0][i], "x", true)), right = Math.round(u.valToPos(u.data[0][i + 1], "x", true));
			const top = Math.min(Math.round(u.valToPos(u.data[at][i], "y", true)), bottom - 1);
			fill.rect(left, top, Math.max(right - left, 1), bottom - top);
		}
		return { fill, stroke: null, clip: null, band: null, gaps: null, flags: 0 };
	}
	const end = (values) => values.concat([null]);

	function line(label, at, show, values) {
		return { label, stroke: colour("--c" + at), fill: colour("--c" + at), width: 0, paths: bars, points: { show: false },
			value: (u, v, s, i) => i === null || values[i] === undefined ? "\u2013" : show(values[i]) };
	}

	/* Time by category, one upon the other: the largest at the bottom, drawn last. */
	function stacked(lines) {
		const own = lines.slice(4, 9).map((l) => ({ name: l.name, values: l.values }));
		if (!own.length)
			own.push({ name: "time", values: lines[3].values });
		else if (lines.length > 9)
			own.push({ name: "other categories", values: lines[3].values.map((v, i) =>
				own.reduce((rest, l) => rest - l.values[i], v)) });
		const series = [], data = [];
		const sum = new Array(lines[3].values.length).fill(0);
		own.forEach((l, at) => {
			l.values.forEach((v, i) => { sum[i] += v; });
			series.unshift(line(l.name, at, showNs, l.values));
			data.unshift(end(sum.slice()));
		});
		return { series, data };
	}

	function timeline(group, figure) {
		const grid = group.run.timeline, xs = times(grid);
		const shown = [["calls", showCount, 0], ["errors", showCount, 1], ["bytes", showBytes, 2]];
		shown.forEach(([label, show, at]) => {
			const values = grid.lines[at].values;
			if (!values.some((v) => v > 0))
				return;
			const settings = options(group, figure, 120, show, [line(label, at, show, values)]);
			settings.axes[1].incrs = show === showBytes ? binary : round;
			add(group, figure, settings, [xs, end(values)], label + " a slice");
		});
		if (grid.lines[3].values.some((v) => v > 0)) {
			const time = stacked(grid.lines);
			add(group, figure, options(group, figure, 190, showNs, time.series), [xs, ...time.data],
				figure.dataset.time + " a slice, by category");
		}
	}

	/* Each cell a rectangle: from slice to slice, from bound to bound on a scale of powers of two. */
	function heat(group, figure) {
		const grid = group.run.heat, xs = times(grid);
		const rows = grid.lines.map((l) => ({ low: l.low > 0 ? l.low : Math.max(l.high / 2, 1),
			high: l.high > 0 ? l.high : 2 * Math.max(l.low, 1), values: l.values }));
		const most = Math.max(1, ...rows.map((r) => Math.max(...r.values)));
		const settings = options(group, figure, 300, showNs, [{ label: "calls", show: false }]);
		const bounds = [rows[0].low, rows[rows.length - 1].high];
		settings.scales.y = { distr: 3, log: 2, range: () => bounds };
		settings.axes[1].grid = { show: false };
		settings.axes[0].grid = { show: false };
		settings.axes[1].values = (u, list) => each(showNs)(list);
		settings.axes[1].filter = (u, list) => list;
		settings.axes[1].splits = () => {
			const every = Math.ceil(rows.length / 8);
			return rows.filter((r, i) => i % every === 0).map((r) => r.low);
		};
		settings.legend = { show: false };
		settings.hooks.draw = [(u) => {
			const ctx = u.ctx, rgb = colour("--heat"), x = u.scales.x;
			ctx.save();
			ctx.beginPath();
			ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
			ctx.clip();
			for (const r of rows) {
				const top = Math.round(u.valToPos(r.high, "y", true)), bottom = Math.round(u.valToPos(r.low, "y", true));
				r.values.forEach((n, i) => {
					if (n <= 0 || xs[i + 1] < x.min || xs[i] > x.max)
						return;
					const left = Math.round(u.valToPos(xs[i], "x", true)), right = Math.round(u.valToPos(xs[i + 1], "x", true));
					ctx.fillStyle = "rgba(" + rgb + "," + (most > 1 ? 0.15 + 0.85 * Math.log(n) / Math.log(most) : 1) + ")";
					ctx.fillRect(left, top, Math.max(right - left, 1), bottom - top);
				});
			}
			ctx.restore();
		}];
		const told = make("p", { class: "aside" }, "\u00a0");
		settings.hooks.setCursor = [(u) => {
			const x = u.posToVal(u.cursor.left, "x"), y = u.posToVal(u.cursor.top, "y");
			const i = Math.floor((x - xs[0]) / grid.slice);
			const row = u.cursor.left >= 0 && rows.find((r) => y >= r.low && y < r.high);
			told.textContent = row && row.values[i] !== undefined
				? moment(xs[i], grid) + ": " + showCount(row.values[i]) + " calls of " + showNs(row.low) + " to " + showNs(row.high) : "\u00a0";
		}];
		settings.cursor.y = true;
		add(group, figure, settings, [xs, xs.map(() => null)]);
		figure.append(told);
	}

	function fds(group, figure) {
		const grid = group.run.fds, xs = times(grid), lines = grid.lines.slice(0, 6);
		const series = lines.map((l, at) => ({ label: "process " + l.name, stroke: colour("--c" + at), width: 2, points: { show: false },
			paths: uPlot.paths.stepped({ align: 1 }), value: (u, v) => v === null ? "\u2013" : showCount(v) }));
		const data = lines.map((l) => {
			const values = l.values.map((v) => v < 0 ? null : v);
			return values.concat([values[values.length - 1]]);
		});
		add(group, figure, options(group, figure, 220, showCount, series), [xs, ...data]);
	}

	function tools(group, figure) {
		const box = make("div", { class: "tools", role: "group", "aria-label": "Zoom" });
		const actions = [["+", "Zoom in", () => move(group, 0.5, 0)], ["\u2212", "Zoom out", () => move(group, 2, 0)],
			["\u2190", "Earlier", () => move(group, 1, -0.5)], ["\u2192", "Later", () => move(group, 1, 0.5)],
			["All", "The whole time", () => showWhole(group)]];
		for (const [text, label, action] of actions) {
			const button = make("button", { type: "button", "aria-label": label, title: label }, text);
			button.addEventListener("click", action);
			box.append(button);
		}
		box.append(make("span", {}, "Drag over a chart to zoom, double-click to see all."));
		figure.prepend(box);
	}

	const kinds = { timeline, heat, fds };
	function draw() {
		for (const figure of document.querySelectorAll("figure[data-chart]")) {
			const run = figure.closest("[data-run]");
			const group = groups[run ? Number(run.dataset.run) : 0];
			for (const old of figure.querySelectorAll(".static"))
				old.hidden = true;
			figure.classList.add("drawn"); /* charts have a legend of their own */
			if (!figure.querySelector(".tools"))
				tools(group, figure);
			kinds[figure.dataset.chart](group, figure);
		}
		groups.filter((g) => g.charts.length).forEach(showWhole);
	}
	draw();
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
		for (const group of groups)
			for (const chart of group.charts.splice(0))
				chart.destroy();
		document.querySelectorAll(".chart, figure > .aside").forEach((old) => old.remove());
		draw();
	});
}
