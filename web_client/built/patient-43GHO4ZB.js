import{c as S,d as C,f as E,j as T,k as w,l as $,m as k,n as A}from"./patient-EUOPWD2R.js";import{a as l,d as c,o as y,p as u}from"./patient-BUZU4KGL.js";import{g as P,h as I}from"./patient-J4MNJXQS.js";function q(t,e,o,n,a,i){let{t:s}=a;if(e.talk===null||t.tools.panel!=="chat")return c;let{draft:r,caption:f,captioning:m,pending:h,failing:b}=t.talk,d=e.talk.chat;return w("chat",s("visit.chat"),l`
    <div class="chat-log" role="region" tabindex="0" aria-label=${s("chat.lines")}>
      ${d.length+h.length===0?l`<p class="chat-empty">${s("chat.empty")}</p>`:l`<ol>
            ${d.map(p=>L(p.sender===e.me?s("visit.you"):p.name,a.time(p.at,o),p.text,p.sender===e.me))}
            ${h.map(p=>p.failed?W(p,a,i):L(s("visit.you"),s("chat.sending"),p.text,!0))}
          </ol>`}
    </div>
    <div role="alert">${b===null?c:l`<p class=${b==="offline"?"hidden":"tool-note"}>${u.alert()}<span>${s(`chat.failing.${G.has(b)?b:"other"}`)}</span></p>`}</div>
    ${O("chat",s("chat.field"),r,500,s("chat.send"),i)}
    ${n?l`<button type="button" class="tool captions-switch" aria-pressed=${m} @click=${()=>i({type:"captions_tapped"})}>
          <span>${s("captions.type")}</span>${m?u.check():c}
        </button>`:c}
    ${n&&m?O("caption",s("captions.field"),f,200,s("captions.send"),i):c}
  `,a,i)}var G=new Set(["offline","too_many","too_many_requests","captions_taken"]),L=(t,e,o,n)=>l`
  <li class="bubble ${n?"bubble-mine":""}">
    <p class="bubble-head"><strong>${t}</strong> <span>${e}</span></p>
    <p class="bubble-text">${o}</p>
  </li>
`,W=({key:t,text:e},{t:o},n)=>l`
  <li class="bubble bubble-mine">
    <p class="bubble-head"><strong>${o("visit.you")}</strong> <span class="bubble-unsent">${u.alert()}${o("chat.notSent")}</span></p>
    <p class="bubble-text">${e}</p>
    <button type="button" class="secondary" @click=${()=>n({type:"chat_again",key:t})}>${o("tryAgain")}</button>
  </li>
`;function O(t,e,o,n,a,i){let s=()=>i({type:`${t}_sent`,key:Date.now().toString(36)});return l`
    <form class="chat-form" novalidate @submit=${r=>(r.preventDefault(),s())}>
      <label for="${t}-text">${e}</label>
      <textarea id="${t}-text" rows="1" maxlength=${n} enterkeyhint="send" .value=${o}
        @input=${r=>i({type:`${t}_typed`,text:r.target.value})}
        @keydown=${r=>{r.key!=="Enter"||r.shiftKey||r.isComposing||(r.preventDefault(),s())}}></textarea>
      <button class="primary" type="submit">${a}</button>
    </form>
  `}var N=()=>y("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"),V=()=>y("M4 5h16v14H4zM12.500 12.500H18V17h-5.500z"),X=()=>y("M12 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM6.500 20a5.500 5.500 0 0 1 11 0M3 5v.1M3 10v.1M3 15v.1M21 5v.1M21 10v.1M21 15v.1");function K({devices:t,tools:e,scene:o},n,a,i,s=c){let{t:r}=a,{refused:f,blur:m}=t,h=(d,p={})=>()=>i({type:d,...p}),b=d=>p=>i({type:"device_chosen",[d]:p});return w("more",r("visit.more"),l`
    <div class="tools">
      ${T(t)?$(u.flip(),r("visit.flip"),h("flip_tapped"),{look:"more-flip"}):c}
      ${E()?$(u.screen(),r("visit.share"),h("share_tapped"),{look:"more-share",pressed:o.sharing==="on"}):c}
      ${s}
      ${S()?$(N(),r("tools.full"),h("full_tapped"),{pressed:e.full}):c}
      ${C()&&(n!==null||e.small)?$(V(),r("tools.small"),h("small_tapped",{key:n}),{pressed:e.small}):c}
      ${m===null?c:$(X(),r("tools.blur"),h("blur_tapped"),{pressed:m})}
      ${$(u.large(),r("tools.large"),h("large_tapped"),{pressed:e.large})}
    </div>
    <div class="tool-choices">
      ${t.cameraId===""?c:k("camera",t.cameras,t.cameraId,a,b("cameraId"))}
      ${t.microphoneId===""?c:k("microphone",t.microphones,t.microphoneId,a,b("microphoneId"))}
      ${A(t.speakers,t.speakerId,a,d=>i({type:"speaker_chosen",speakerId:d}))}
    </div>
    <div role="status">${f===null?c:l`<p class="tool-note">${u.alert()}<span>${r(`tools.refused.${f}`)}</span></p>`}</div>
  `,a,i)}var Q=[.92,.85,.75],Z=.7,j=8e3,R=3e3;async function H(t){let e=await tt(t).catch(()=>null),o=e!==null&&x(e)>=J(t)?null:await et(t).catch(()=>null),n=[e,o].filter(a=>a!==null).sort((a,i)=>x(i)-x(a));try{if(n[0]===void 0)throw new Error("The camera gives no picture.");return await F(n[0])}finally{for(let a of n)a.close()}}async function z(t){let e=await createImageBitmap(t);try{return await F(e)}finally{e.close()}}var x=({width:t,height:e})=>t*e;function J(t){let{width:e,height:o}=t.getCapabilities?.()??{};return(e?.max??0)*(o?.max??0)}function Y(t,e,o=1){let n=Math.min(1,Math.sqrt(16777216/(t*e)))*o;return{width:Math.max(1,Math.floor(t*n)),height:Math.max(1,Math.floor(e*n))}}async function tt(t){let{ImageCapture:e}=window;if(e===void 0)return null;let o=new e(t),{imageWidth:n}=await _(o.getPhotoCapabilities(),j);return createImageBitmap(await _(o.takePhoto(n?.max?{imageWidth:n.max}:{}),j))}async function et(t){let e=t.getConstraints(),{width:o,height:n}=t.getCapabilities?.()??{},a=document.createElement("video");try{return o?.max&&n?.max&&await t.applyConstraints({...e,width:{ideal:o.max},height:{ideal:n.max}}).catch(()=>{}),a.muted=a.playsInline=!0,a.srcObject=new MediaStream([t]),await _(a.play(),R),await ot(a,t),await createImageBitmap(a)}finally{a.srcObject=null,await t.applyConstraints(e).catch(()=>{})}}async function ot(t,e){let o=Math.max(e.getSettings().width??0,e.getSettings().height??0),n=performance.now()+R;for(;Math.max(t.videoWidth,t.videoHeight)<o&&performance.now()<n;)await new Promise(a=>setTimeout(a,50))}async function F(t){for(let e=1;e>.1;e*=Z){let o=Object.assign(document.createElement("canvas"),Y(t.width,t.height,e));o.getContext("2d")?.drawImage(t,0,0,o.width,o.height);for(let n of Q){let a=await new Promise(i=>o.toBlob(i,"image/jpeg",n));if(a!==null&&a.size<=8388608)return a}}throw new Error("The picture can not be made small enough.")}function _(t,e){return Promise.race([t,new Promise((o,n)=>setTimeout(()=>n(new Error("late")),e))])}var nt="/api/v1/visits/photos",at=12e4;async function U(t,e,o){let n=await rt(nt,e,{method:"POST",body:t,headers:{"Content-Type":"image/jpeg"}},o);if(!(n instanceof Response))return n;let a=await n.json().catch(()=>null);return n.ok?I(P.photoTaken,a)===null?{ok:a}:{error:{code:"garbled"}}:it(a)}var it=t=>({error:t?.error?.code?t.error:{code:"garbled"}});async function rt(t,e,{headers:o={},...n},a){let i=new AbortController,s=setTimeout(()=>i.abort(),at);a?.addEventListener("abort",()=>i.abort());try{return await fetch(t,{...n,headers:{...o,Authorization:`Bearer ${e}`},signal:i.signal,cache:"no-store",credentials:"omit"})}catch{return{error:{code:"offline"}}}finally{clearTimeout(s)}}var g=null,v=new AbortController;function st(t,e,o){switch(t.type){case"takePhoto":B(e===null?Promise.reject(new Error("no camera")):H(e),o);break;case"readPhoto":B(z(t.file),o);break;case"sendPhoto":lt(t.token,o);break;case"dropPhoto":D();break}}function D(){v.abort(),v=new AbortController,g!==null&&URL.revokeObjectURL(g.url),g=null}async function B(t,e){D();let{signal:o}=v,n=await t.catch(()=>null);if(!o.aborted){if(n===null)return e({type:"photo_missed"});g={image:n,url:URL.createObjectURL(n)},e({type:"photo_made",url:g.url})}}async function lt(t,e){if(g===null)return;let{signal:o}=v,n=await U(g.image,t,o);o.aborted||e({type:"photo_answered",answer:n,now:Date.now()})}function ct(t,e,o,n){let{t:a}=e,{step:i,failing:s}=t.photo,r=i==="made"||i==="sending",f=()=>o({type:"photo_closed"});return l`<section class="photo-panel" aria-labelledby="title-photo" @keydown=${({key:m})=>m==="Escape"&&f()}>
    <div class="photo-head">
      <h2 id="title-photo" tabindex="-1">${a("photo.open")}</h2>
      <button type="button" class="photo-close" aria-label=${a("photo.cancel")} @click=${f}>${u.close()}</button>
    </div>
    <p>${a(r?"photo.check":M(t)?"photo.aim":"photo.noCamera")}</p>
    ${r?l`<img class="photo-made" src=${t.photo.url} alt=${a("photo.yours")} />`:pt(t,e,n)}
    <div>
      <div role="alert">${s===null?c:l`<p class="photo-failing">${u.alert()}<span>${a(`photo.failing.${s}`)}</span></p>`}</div>
      <div role="status">${i==="making"?l`<p>${a("photo.making")}</p>`:i==="sending"?l`<p>${a("photo.sending")}</p>`:c}</div>
    </div>
    <div class="photo-acts">${r?ht(t,e,o):ut(t,e,o)}</div>
    ${r?l`<p class="photo-promise">${a("photo.promise")}</p>`:c}
  </section>`}var M=({devices:t,cameraOff:e})=>t.camera&&!e,pt=(t,{t:e},o)=>M(t)?l`<video class="photo-finder" tabindex="-1" .srcObject=${o.capture.stream} .muted=${!0} autoplay playsinline aria-label=${e("photo.finder")}></video>`:c;function ut(t,{t:e},o){let n=t.photo.step==="making",a=M(t),i=({target:s})=>{let r=s.files?.[0];s.value="",r!==void 0&&o({type:"photo_chosen",file:r})};return l`
    ${a?l`<button class="primary" type="button" aria-disabled=${n} @click=${()=>o({type:"photo_take_tapped"})}>${e("photo.take")}</button>`:c}
    ${a&&t.devices.cameras.length>1?l`<button class="secondary" type="button" @click=${()=>o({type:"flip_tapped"})}>${u.flip()}<span>${e("visit.flip")}</span></button>`:c}
    <label class="secondary photo-file"><input type="file" accept="image/*" aria-disabled=${n} @change=${i} /><span>${e("photo.choose")}</span></label>
  `}function ht({photo:t},{t:e},o){let n=t.step==="sending";return l`
    <button class="primary" type="button" aria-disabled=${n} @click=${()=>o({type:"photo_send_tapped"})}>${e("photo.send")}</button>
    <button class="secondary" type="button" @click=${()=>o({type:"photo_again_tapped"})}>${e(n?"photo.stop":"photo.again")}</button>
  `}export{q as chatPanel,K as more,st as photo,ct as photoPanel};
