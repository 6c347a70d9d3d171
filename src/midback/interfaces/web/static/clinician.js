// Search as you type on the clinician's entry page. Reads the rows of the form and sets them; the form alone is sent.
(function () {
  "use strict";
  var form = document.getElementById("case"), field = document.getElementById("query");
  if (!form || !field) { return; }
  var list = document.getElementById("hits"), told = document.getElementById("told");
  var entered = document.getElementById("entered"), words = form.dataset, most = 8, hits = [], chosen = 0;
  function plain(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").split(/[^a-z0-9']+/).filter(Boolean); }
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (all, key) { return key in values ? values[key] : all; }); }

  // Every row that can be set: a yes-or-no finding, one level of another, or a box of several.
  var rows = [];
  function add(label, find, set, more) { rows.push(Object.assign({ label: label, name: plain(label), find: plain(find), set: set }, more)); }
  form.querySelectorAll("select[data-find]").forEach(function (select) {
    var name = select.name.slice(2), value = document.getElementById("n-" + name), label = select.dataset.label;
    var levels = Array.prototype.filter.call(select.options, function (option) { return option.dataset.find !== undefined; });
    function put(answer) { select.value = answer; if (value) { value.value = ""; } return select; }
    if (!levels.length) { add(label, select.dataset.find, put, { binary: true, finding: name }); }
    levels.forEach(function (option) {
      add(label + ": " + option.text, select.dataset.find + " " + option.dataset.find, function (answer) { return put(answer === "not_sure" ? answer : option.value); }, { finding: name });
    });
    if (value) {
      add(label, select.dataset.find, function (number) { select.value = ""; value.value = number; return select; }, { numeric: true, finding: name });
    }
  });
  form.querySelectorAll("input[type=checkbox][data-find]").forEach(function (box) {
    add(box.dataset.label, box.dataset.label + " " + box.dataset.find, function (answer) { box.checked = answer === "yes"; return box; }, { finding: box.name.slice(2) });
  });
  add(document.querySelector("label[for=age]").textContent, "age", function (number) { document.getElementById("age").value = number; return null; }, { numeric: true, finding: "age" });
  Array.prototype.forEach.call(document.getElementById("sex").options, function (option) {
    if (option.value) { add(document.querySelector("label[for=sex]").textContent + ": " + option.text, "sex " + option.text, function () { option.selected = true; return null; }, { finding: "sex" }); }
  });

  // What was typed: a sign in front for no or not sure, words, and perhaps a number at the end.
  function asked() {
    var text = field.value.trim(), answer = "yes", number = null;
    if (text[0] === "-") { answer = "no"; text = text.slice(1); } else if (text[0] === "?") { answer = "not_sure"; text = text.slice(1); }
    var found = /^(.*\S)\s+(\d{1,3}(?:[.,]\d{1,2})?)$/.exec(text.trim());
    if (found) { number = found[2].replace(",", "."); text = found[1]; }
    return { answer: answer, number: number, words: plain(text) };
  }
  // Lower is better: words of the name in order first, then words of the name, then the short forms of notes.
  function rank(row, query) {
    var score = 0;
    for (var i = 0; i < query.words.length; i += 1) {
      var part = query.words[i], at = row.name.findIndex(function (word) { return word.indexOf(part) === 0; });
      if (at >= 0) { score += at + (row.name[at] === part ? 0 : 0.5); continue; }
      at = row.find.findIndex(function (word) { return word.indexOf(part) === 0; });
      if (at < 0) { return -1; }
      score += (row.find[at] === part ? 4 : 12) + Math.min(at, 60) / 20;
    }
    return score + row.name.length / 100;
  }
  function search() {
    var query = asked();
    hits = [];
    if (query.words.join("").length >= 2) {
      rows.forEach(function (row) {
        if (Boolean(row.numeric) !== (query.number !== null) || (query.answer === "no" && !row.binary && !row.numeric)) { return; }
        var score = rank(row, query);
        if (score >= 0) { hits.push([score, row]); }
      });
      hits = hits.sort(function (a, b) { return a[0] - b[0]; }).slice(0, most).map(function (pair) { return pair[1]; });
    }
    chosen = 0;
    show(query);
  }
  function answer_text(row, query) {
    if (row.numeric) { return query.number; }
    return query.answer === "no" ? words.no : query.answer === "not_sure" ? words.unsure : row.binary ? words.yes : "";
  }
  function show(query) {
    list.textContent = "";
    hits.forEach(function (row, place) {
      var item = document.createElement("li"), said = answer_text(row, query);
      item.id = "hit-" + place;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(place === chosen));
      item.textContent = said ? fill(words.said, { label: row.label, answer: said }) : row.label;
      item.addEventListener("mousedown", function (event) { event.preventDefault(); chosen = place; take(); });
      list.appendChild(item);
    });
    list.hidden = !hits.length;
    field.setAttribute("aria-expanded", String(hits.length > 0));
    if (hits.length) { field.setAttribute("aria-activedescendant", "hit-" + chosen); } else { field.removeAttribute("aria-activedescendant"); }
    told.textContent = field.value.trim().length > 1 ? fill(words.found, { count: hits.length }) : "";
  }
  function take() {
    var row = hits[chosen], query = asked();
    if (!row) { return; }
    row.set(row.numeric ? query.number : query.answer);
    field.value = "";
    hits = [];
    show(query);
    refresh();
    var said = answer_text(row, query);
    told.textContent = fill(words.taken, { said: said ? fill(words.said, { label: row.label, answer: said }) : row.label, count: entered.querySelectorAll("li:not(.none)").length });
    field.focus();
  }

  // The list of what is entered, made anew from the form each time it changes.
  function line(label, answer, clear) {
    var item = document.createElement("li"), strong = document.createElement("strong"), button = document.createElement("button");
    strong.textContent = answer;
    item.append(label + ": ", strong, " ", button);
    button.type = "button";
    button.className = "link";
    button.textContent = words.remove;
    button.setAttribute("aria-label", words.remove + ": " + label);
    button.addEventListener("click", function () {
      clear();
      refresh();
      told.textContent = fill(words.removed, { label: label, count: entered.querySelectorAll("li:not(.none)").length });
      field.focus();
    });
    entered.appendChild(item);
  }
  function refresh() {
    entered.textContent = "";
    form.querySelectorAll("select[data-find]").forEach(function (select) {
      var value = document.getElementById("n-" + select.name.slice(2)), number = value && value.value.trim();
      if (select.value || number) {
        line(select.dataset.label, number || select.options[select.selectedIndex].text, function () { select.value = ""; if (value) { value.value = ""; } });
      }
    });
    form.querySelectorAll("input[type=checkbox]:checked").forEach(function (box) {
      line(box.dataset.label || box.labels[0].textContent, words.yes, function () { box.checked = false; });
    });
    if (!entered.children.length) {
      var none = document.createElement("li");
      none.className = "none";
      none.textContent = words.none;
      entered.appendChild(none);
    }
  }

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "hits");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-describedby", "keys");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector("label[for=query]").textContent);
  document.querySelectorAll(".unscripted").forEach(function (one) { one.hidden = true; });
  document.querySelectorAll(".scripted").forEach(function (one) { one.hidden = false; });
  field.addEventListener("input", search);
  field.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.ctrlKey) { event.preventDefault(); take(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = hits.length ? (chosen + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length : 0;
      show(asked());
    }
    if (event.key === "Escape") { field.value = ""; search(); }
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(document.getElementById("show")); }
  });
  // As it is typed, not when the field is left: a list that grows under the mouse would move the button away from it.
  form.addEventListener("input", function (event) {
    if (/^[fn]-/.test(event.target.name)) { refresh(); }
  });
  field.value = "";
  refresh();
  field.focus({ preventScroll: true });
})();
