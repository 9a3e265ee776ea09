/* Sorting by any column and filtering by any text. */
function startTables() {
	"use strict";
	const FOLD = 20;

	/* Numbers by data-v, the rest as text; what is empty stays last either way. */
	function compare(column, sign) {
		const key = (row) => {
			const cell = row.cells[column];
			return cell.hasAttribute("data-v") ? Number(cell.dataset.v) : cell.textContent;
		};
		return (a, b) => {
			const x = key(a), y = key(b);
			if (x === "" || y === "")
				return (x === "") - (y === "");
			if (typeof x === "number" && typeof y === "number")
				return sign * (x - y);
			return sign * String(x).localeCompare(String(y), "en", { numeric: true });
		};
	}

	function sortBy(table, th) {
		const body = table.tBodies[0];
		const numeric = Array.from(body.rows).some((row) => row.cells[th.cellIndex].hasAttribute("data-v"));
		const before = th.getAttribute("aria-sort");
		const ascending = before ? before === "descending" : !numeric;
		for (const other of table.querySelectorAll("th[aria-sort]"))
			other.removeAttribute("aria-sort");
		th.setAttribute("aria-sort", ascending ? "ascending" : "descending");
		body.append(...Array.from(body.rows).sort(compare(th.cellIndex, ascending ? 1 : -1)));
	}

	/* Long tables begin with their first rows; sorting and filtering see all. */
	function fold(table, button) {
		const rows = Array.from(table.tBodies[0].rows).filter((row) => !row.hidden);
		const folded = button.getAttribute("aria-expanded") === "false";
		rows.forEach((row, i) => row.classList.toggle("folded", folded && i >= FOLD));
		button.hidden = rows.length <= FOLD;
		button.textContent = folded ? "Show all " + rows.length + " rows" : "Show the first " + FOLD;
	}

	function filter(table, text, status) {
		const words = text.toLowerCase().split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const row of table.tBodies[0].rows) {
			const cells = Array.from(row.cells, (cell) => cell.classList.contains("t") ? cell.textContent : "");
			const all = cells.join(" ").toLowerCase();
			row.hidden = !words.every((word) => all.includes(word));
			shown += !row.hidden;
		}
		status.textContent = words.length ? shown + " of " + table.tBodies[0].rows.length + " rows" : "";
	}

	function addFold(table) {
		const more = make("button", { type: "button", "aria-expanded": "false" });
		more.addEventListener("click", () => {
			more.setAttribute("aria-expanded", more.getAttribute("aria-expanded") === "false" ? "true" : "false");
			fold(table, more);
		});
		const below = make("div", { class: "tools below" });
		below.append(more);
		table.parentElement.after(below);
		fold(table, more);
		return more;
	}

	document.querySelectorAll("#threads table").forEach(addFold);
	for (const table of document.querySelectorAll("table[data-table]")) {
		const region = table.parentElement;
		const more = addFold(table);
		for (const th of table.tHead.rows[table.tHead.rows.length - 1].cells) {
			const button = make("button", { type: "button", title: "Sort" }, th.textContent);
			button.addEventListener("click", () => {
				sortBy(table, th);
				fold(table, more);
			});
			th.replaceChildren(button);
		}
		const input = make("input", { type: "search", "data-filter": table.dataset.table, spellcheck: "false",
			placeholder: "Filter" });
		input.setAttribute("aria-label", "Filter " + region.getAttribute("aria-label"));
		const status = make("span", { role: "status" });
		input.addEventListener("input", () => {
			filter(table, input.value, status);
			fold(table, more);
		});
		const tools = make("div", { class: "tools" });
		tools.append(input, status);
		region.before(tools);
	}
}
