import{a as t}from"./chunk-6KMKXNZC.js";import"./chunk-SQE76S5B.js";await t();var[,...e]=document.title.split(" \xB7 ");document.title=[document.querySelector("h1").textContent,...e].join(" \xB7 ");
