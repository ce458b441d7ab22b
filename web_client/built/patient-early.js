import{g as a,h as b,i as c}from"./patient-YGAREWDJ.js";import"./patient-VHLC766N.js";export{a as SESSION_KEY,b as fetchWords,c as view};
