// What a reader has chosen is kept in the browser, and nowhere else. The theme is
// set here, before anything is drawn. ptwalk site.
"use strict";

// kept is what was kept under a name, or null. A browser may keep nothing.
function kept(name) {
  try {
    return JSON.parse(localStorage.getItem("ptwalk " + name));
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem("ptwalk " + name, JSON.stringify(value));
  } catch { /* it is forgotten with the page */ }
}

// setTheme is one of system, light and dark.
function setTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

setTheme(kept("theme"));
