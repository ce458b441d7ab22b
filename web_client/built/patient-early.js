import{g as a,h as b,i as c}from"./patient-Z5H3EXDJ.js";import"./patient-AQEO3LY2.js";export{a as SESSION_KEY,b as fetchWords,c as view};
