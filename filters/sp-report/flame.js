/* Stacks: a frame that is chosen takes the whole width; its callers stay above it. */
function startFlame() {
	"use strict";

	function start(flame) {
		const root = flame.querySelector("svg");
		const frames = Array.from(root.querySelectorAll("svg"), (svg) => ({
			svg, depth: Number(svg.dataset.d), from: parseFloat(svg.getAttribute("x")),
			width: parseFloat(svg.getAttribute("width")), title: svg.querySelector("title").textContent,
		}));
		/* The page has as much of a name as is seen at first; a frame that is looked at has room for all. */
		for (const f of frames) {
			f.name = f.title.slice(0, f.title.lastIndexOf(": "));
			f.svg.querySelector("text").textContent = f.name;
		}
		let at = frames[0];
		const told = make("p", { class: "aside", role: "status" });
		const inside = (inner, outer) => inner.from >= outer.from - 1e-3 &&
			inner.from + inner.width <= outer.from + outer.width + 1e-3;

		function mark(frame) {
			at.svg.classList.remove("at");
			at = frame;
			at.svg.classList.add("at");
			told.textContent = at.title;
		}

		function zoom(frame) {
			for (const f of frames) {
				const above = f.depth < frame.depth && inside(frame, f);
				const shown = above || f.depth >= frame.depth && inside(f, frame);
				f.svg.classList.toggle("off", !shown);
				f.svg.classList.toggle("dim", above);
				f.svg.setAttribute("x", above ? "0%" : 100 * (f.from - frame.from) / frame.width + "%");
				f.svg.setAttribute("width", above ? "100%" : 100 * f.width / frame.width + "%");
			}
			mark(frame);
		}

		const near = {
			ArrowDown: () => frames.find((f) => f.depth === at.depth + 1 && inside(f, at)),
			ArrowUp: () => frames.find((f) => f.depth === at.depth - 1 && inside(at, f)),
			ArrowRight: () => frames.filter((f) => f.depth === at.depth && f.from > at.from)
				.sort((a, b) => a.from - b.from)[0],
			ArrowLeft: () => frames.filter((f) => f.depth === at.depth && f.from < at.from)
				.sort((a, b) => b.from - a.from)[0],
		};
		root.setAttribute("tabindex", "0");
		root.addEventListener("keydown", (event) => {
			const to = near[event.key] ? near[event.key]() : undefined;
			if (to)
				mark(to);
			else if (event.key === "Enter")
				zoom(at);
			else if (event.key === "Escape")
				zoom(frames[0]);
			else if (!near[event.key])
				return;
			event.preventDefault();
		});
		for (const f of frames) {
			f.svg.addEventListener("click", () => zoom(f));
			f.svg.addEventListener("mouseenter", () => { told.textContent = f.title; });
		}

		const tools = make("div", { class: "tools" });
		const search = make("input", { type: "search", placeholder: "Find a frame", "aria-label": "Find a frame",
			"data-filter": "stacks", spellcheck: "false" });
		search.addEventListener("input", () => {
			const word = search.value.toLowerCase();
			let found = 0;
			for (const f of frames) {
				const hit = !word || f.name.toLowerCase().includes(word);
				f.svg.classList.toggle("dim", !hit);
				found += hit;
			}
			told.textContent = word ? found + " of " + frames.length + " frames" : "";
		});
		const reset = make("button", { type: "button" }, "All stacks");
		reset.addEventListener("click", () => zoom(frames[0]));
		tools.append(search, reset, make("span", {}, "Click, or arrow keys and Enter, to look closer."));
		flame.before(tools);
		flame.after(told);
	}
	document.querySelectorAll(".flame").forEach(start);
}
