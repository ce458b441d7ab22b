import{g as a,h as b,i as c}from"./patient-KNFYMG3Z.js";import"./patient-ZCOYYGIQ.js";export{a as SESSION_KEY,b as fetchWords,c as view};
