"use strict";

const messages = 10; // in one game
const element = id => document.getElementById(id);
let game, question, buttons;

// pick takes one element out of a list.
const pick = list => list.splice(Math.floor(Math.random() * list.length), 1)[0];

function start() {
	const good = [...quiz.good], faulty = [...quiz.faulty];
	game = {left: [], asked: 0, points: 0};
	for (let i = 0; i < messages; i++) game.left.push(pick(Math.random() < 1 / 4 ? good : faulty));
	ask();
}

function ask() {
	question = game.left.pop();
	game.asked++;
	element("well").disabled = false;
	element("rules").hidden = element("verdict").hidden = true;
	element("message").dataset.file = question.File;
	showMessage();
	showState();
	buttons[0].focus();
}

function showState() {
	element("state").textContent = `Message ${game.asked} of ${messages}, ` +
		`${question.Kind}. You have ${game.points} ` +
		(game.points == 1 ? "point." : "points.");
}

// showMessage makes a row of buttons for each line, and a button for the end.
function showMessage() {
	element("message").replaceChildren();
	buttons = [];
	let row;
	for (let i = 0; i <= question.Octets.length; i++) {
		if (!row || question.Names[i - 1] == "LF") {
			row = document.createElement("div");
			row.className = "wire";
			const offset = document.createElement("b");
			offset.textContent = i;
			row.append(offset);
			element("message").append(row);
		}
		row.append(octetButton(i));
	}
}

function octetButton(i) {
	const b = document.createElement("button"), end = i == question.Octets.length;
	b.type = "button";
	const name = end ? "end" : question.Names[i];
	if (name) {
		const symbol = document.createElement("i");
		symbol.dataset.octet = name;
		symbol.textContent = end ? "" : question.Octets[i];
		b.append(symbol);
	} else {
		b.textContent = question.Octets[i];
	}
	b.setAttribute("aria-label", `offset ${i}: ${name || question.Octets[i]}`);
	b.title = `offset ${i}`;
	b.tabIndex = i ? -1 : 0;
	b.onclick = () => choose(i);
	b.onkeydown = event => move(event, i);
	buttons.push(b);
	return b;
}

// move moves the focus with the arrow keys: in a line, and from line to line.
function move(event, i) {
	const rows = [...element("message").children].map(row => [...row.querySelectorAll("button")]);
	const r = rows.findIndex(row => row.includes(buttons[i]));
	const column = rows[r].indexOf(buttons[i]);
	const beside = row => row && row[Math.min(column, row.length - 1)];
	const to = {ArrowRight: buttons[i + 1], ArrowLeft: buttons[i - 1],
		ArrowUp: beside(rows[r - 1]), ArrowDown: beside(rows[r + 1]),
		Home: rows[r][0], End: rows[r].at(-1)}[event.key];
	if (!to) return;
	event.preventDefault();
	buttons.forEach(b => b.tabIndex = b == to ? 0 : -1);
	to.focus();
}

function choose(i) {
	buttons.forEach((b, at) => b.classList.toggle("chosen", at == i));
	element("rules").querySelectorAll("button").forEach(b => b.remove());
	question.Options.forEach((name, option) => {
		const b = document.createElement("button");
		b.type = "button";
		b.textContent = name;
		b.onclick = () => answer(i, option);
		element("rules").append(b);
	});
	element("rules").hidden = false;
	element("rules").querySelector("button").focus();
}

// answer takes an offset and the number of an option; without them the answer is that nothing is wrong.
function answer(offset, option) {
	if (offset === undefined) settle([question.Well]);
	else if (!question.Faulty) settle([question.Fault]);
	else settle([question.Places[offset], question.Named[option]], question.Options[option]);
}

// says returns the sentence of a verdict.
const says = (verdict, name) => quiz.verdicts[verdict].Says.replace("{offset}", question.Offset)
	.replace("{rule}", question.Rule).replace("{name}", name);

function settle(verdicts, name) {
	const points = verdicts.reduce((sum, verdict) => sum + quiz.verdicts[verdict].Points, 0);
	game.points += points;
	if (question.Faulty) buttons[question.Offset].classList.add("right");
	buttons.forEach(b => { b.disabled = true; b.classList.add("settled"); });
	element("well").disabled = true;
	element("rules").hidden = true;
	element("verdict").hidden = false;
	element("says").textContent = verdicts.map(verdict => says(verdict, name)).join(" ") +
		` ${points} of ${quiz.full} points.`;
	element("solution").hidden = !question.Solution;
	element("solution").textContent = question.Solution;
	element("why").textContent = `examples/${question.File} in the gallery: ${question.Why}.`;
	showState();
	const last = game.left.length == 0;
	element("next").textContent = last ? "Play again" : "Next message";
	if (last) element("state").textContent =
		`You have ${game.points} of ${quiz.full * messages} points for ${messages} messages.`;
	element("next").onclick = last ? start : ask;
	element("next").focus();
}

element("well").onclick = () => answer();
start();
