// What stands beside a chapter: one tab at a time. Without a script all of it
// stands there. ptwalk site.
"use strict";

const tabs = [...document.querySelectorAll(".tab")];
const tabButtons = tabs.map(tab => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = tab.dataset.name;
  button.addEventListener("click", () => {
    showTab(tab);
    keep("tab", tab.id);
  });
  return button;
});

function shownTab() { return tabs.find(tab => !tab.hidden); }

function showTab(shown) {
  tabs.forEach((tab, i) => {
    tab.hidden = tab !== shown;
    tabButtons[i].setAttribute("aria-pressed", String(tab === shown));
  });
  document.dispatchEvent(new Event("tab"));
}

// An address of a line opens its tab.
function tabOfAddress() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const tab = place && place.closest(".tab");
  if (!tab || !tab.hidden) return;
  showTab(tab);
  place.scrollIntoView();
}

document.getElementById("tabs").append(...tabButtons);
document.getElementById("tabs").hidden = tabs.length < 2;
showTab(tabs.find(tab => tab.id === kept("tab")) ?? tabs[0]);
window.addEventListener("hashchange", tabOfAddress);
tabOfAddress();
