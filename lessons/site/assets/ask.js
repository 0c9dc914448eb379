// Predictions: a question is asked, and each answer has a sentence of its own
// for the one who chose it. Answers are kept over a reload. ptwalk site.
"use strict";

const none = -1; // somebody wants to see the answer without a guess

// Each question has a key of its own: what it asks, and in which section.
for (const step of run.steps) {
  for (const question of step.ask ?? []) question.key = `${run.sections[step.section].title}: ${question.question}`;
}

// answers leads from a question's key to the index of the answer that was chosen.
const answersKept = "answers of " + run.lesson;
let answers = kept(answersKept) ?? {};

// answered says whether a question has an answer; one that was kept may be of
// another version of the lesson.
function answered(question) {
  const chosen = answers[question.key];
  return Number.isInteger(chosen) && chosen >= none && chosen < question.answers.length;
}

// verdict is what is said about an answer.
function verdict(question, chosen) {
  const right = question.answers[question.right];
  const said = [];
  if (chosen !== none) said.push(make("strong", {}, chosen === question.right ? "Right. " : "Not so. "), question.answers[chosen].why);
  if (!right) said.push(" In this run none of the answers fits.");
  else if (chosen !== question.right) said.push(` The run answers: ${right.text}. ${right.why}`);
  return said;
}

// ask makes the box of a question, and calls told when it gets an answer.
function ask(question, told) {
  const said = make("p", { class: "verdict", role: "status" });
  const buttons = question.answers.map((answer, i) =>
    make("button", { type: "button", "aria-pressed": "false" }, letter(i) + ") " + answer.text));
  const show = make("button", { type: "button", class: "show" }, "Show the answer");
  const tell = chosen => {
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen)));
    said.replaceChildren(...verdict(question, chosen));
  };
  const choose = chosen => {
    answers[question.key] = chosen;
    keep(answersKept, answers);
    tell(chosen);
    told();
  };
  show.addEventListener("click", () => choose(none));
  buttons.forEach((button, i) => button.addEventListener("click", () => choose(i)));
  if (answered(question)) tell(answers[question.key]);
  return make("section", { class: "ask" }, make("h3", {}, question.question), ...buttons, show, said);
}

function letter(i) { return "abcdefgh"[i]; }

// openQuestion is the box of the first question of the step that has no answer.
function openQuestion(step) {
  const i = (step.ask || []).findIndex(question => !answered(question));
  return i < 0 ? null : document.querySelectorAll(".ask")[i];
}

function forgetAnswers() {
  answers = {};
  keep(answersKept, answers);
}
