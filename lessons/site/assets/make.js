// Elements, made in one line. ptwalk site.
"use strict";

const at = id => document.getElementById(id);

// make builds an element: its name, its attributes, and what is in it.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
