/* Sorting by any column and filtering by any text. */
function startTables() {
	"use strict";

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

	for (const table of document.querySelectorAll("table[data-table]")) {
		for (const th of table.tHead.rows[table.tHead.rows.length - 1].cells) {
			const button = make("button", { type: "button", title: "Sort" }, th.textContent);
			button.addEventListener("click", () => sortBy(table, th));
			th.replaceChildren(button);
		}
		const input = make("input", { type: "search", "data-filter": table.dataset.table, spellcheck: "false",
			placeholder: "Filter" });
		const region = table.parentElement;
		input.setAttribute("aria-label", "Filter " + region.getAttribute("aria-label"));
		const status = make("span", { role: "status" });
		input.addEventListener("input", () => filter(table, input.value, status));
		const tools = make("div", { class: "tools" });
		tools.append(input, status);
		region.before(tools);
	}
}
