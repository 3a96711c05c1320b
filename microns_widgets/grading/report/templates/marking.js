"use strict";
const byId = (id) => document.getElementById(id);
const cards = () => [...document.querySelectorAll("section[data-student]")];
const points = (card) => card.querySelector(".points");
const comment = (card) => card.querySelector(".comment");
// Only what was entered here is saved, so that the files of several people do not contradict.
const entered = (card) =>
  points(card).value !== "" &&
  [points(card), comment(card)].some((input) => input.value !== input.defaultValue);
const count = () => {
  const open = cards().filter((card) => points(card).value === "").length;
  const left = open ? `${open} without points` : "all have points";
  byId("left").textContent = `${cards().filter(entered).length} to save, ${left}`;
};
// By the same rule as microns_widgets/_csv.py, which reads the file; Python fills in FORMULA.
const formula = new RegExp("FORMULA");
const safe = (text) => (formula.test(text) ? `'${text}` : text);
const csvField = (text) => `"${safe(text).replaceAll('"', '""')}"`;
byId("save").addEventListener("click", () => {
  const rows = cards()
    .filter(entered)
    .map((card) => {
      const { student, exercise, answer } = card.dataset;
      const cells = [student, exercise, answer, points(card).value, comment(card).value];
      return cells.map(csvField).join(",");
    });
  const text = ["student,exercise,answer,points,comment", ...rows].join("\n") + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "marks.csv";
  link.click();
});
const input = (kind, value) => {
  const made = document.createElement("input");
  made.className = kind;
  made.value = value;
  made.setAttribute("aria-label", kind);
  return made;
};
byId("other").addEventListener("submit", (event) => {
  event.preventDefault();
  const option = byId("answer").selectedOptions[0];
  const student = byId("student").value.trim();
  const most = Number(option.dataset.most);
  const known = [...byId("students").options].some((one) => one.value === student);
  const given = Number(byId("points").value);
  byId("problem").textContent = !known
    ? "Choose a student from the list."
    : given > most
      ? `There are at most ${most} points.`
      : "";
  if (byId("problem").textContent) return;
  const card = document.createElement("section");
  card.className = "card";
  Object.assign(card.dataset, {
    student,
    exercise: option.dataset.exercise,
    answer: option.value,
  });
  const title = document.createElement("h3");
  title.textContent = `${student}, ${option.dataset.exercise}: ${option.textContent}`;
  const remove = document.createElement("button");
  remove.textContent = "Remove";
  remove.addEventListener("click", () => {
    card.remove();
    count();
  });
  card.append(
    title,
    input("points", byId("points").value),
    input("comment", byId("comment").value),
    remove,
  );
  byId("others").append(card);
  event.target.reset();
  count();
});
document.addEventListener("input", count);
count();
