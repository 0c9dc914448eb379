// The head of each page: menus that close again, and the theme. ptwalk site.
"use strict";

const themes = ["system", "light", "dark"];

// The switch is made here: without a script it would switch nothing.
const themeSwitch = document.createElement("button");
themeSwitch.type = "button";
themeSwitch.className = "theme";
const nameTheme = () => { themeSwitch.textContent = "Theme: " + (kept("theme") ?? themes[0]); };
themeSwitch.addEventListener("click", () => {
  const next = themes[(themes.indexOf(kept("theme") ?? themes[0]) + 1) % themes.length];
  keep("theme", next);
  setTheme(next);
  nameTheme();
});
nameTheme();
document.querySelector(".top").append(themeSwitch);

// closeMenus closes all menus but the one that an element is in.
function closeMenus(element) {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(element)) menu.open = false;
  }
}

document.addEventListener("click", event => {
  closeMenus(event.target);
  if (event.target.closest(".menu a")) event.target.closest(".menu").open = false;
});
document.addEventListener("focusin", event => closeMenus(event.target));
document.addEventListener("keydown", event => {
  const menu = event.key === "Escape" && document.activeElement.closest(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
