import{$ as gt,Aa as ke,D as dt,E as ht,Ea as y,Fa as Et,Ga as U,H as mt,Ha as F,I as ft,Ia as _,J as $t,Ja as Tt,Ka as Z,Ma as Mt,Na as _e,O as vt,Oa as Se,R as Y,Ra as Rt,S as C,T as bt,Ta as It,U as R,V as yt,Va as Pt,W as g,X as ye,Y as J,Z as k,_ as X,_a as Lt,a as r,aa as kt,b as tt,ba as _t,c as nt,ca as ge,d as c,e as it,g as st,h as ot,i as be,j as rt,l as at,m as ct,n as lt,oa as w,pa as St,s as ut,sa as xt,t as pt,ta as D,u as M,ua as wt,v as d,va as At,wa as Q,xa as j,ya as B,za as Ot}from"./patient-7655FW5H.js";import{g as et,h as N,i as T}from"./patient-46DYSRFJ.js";function fi(t){addEventListener("online",t);let e=Reflect.get(navigator,"connection"),n=e?.type;e?.addEventListener("change",()=>{e.type!==n&&(n=e.type,navigator.onLine&&t())})}var Nt={track:null,muted:!1,counts:[],lively:!1,suspect:!1,since:0,verdict:"unknown"},Ct={now:1/0,visible:!0,running:!1,shakenAt:-1/0,interrupted:!1,audio:Nt,camera:Nt},$i=5e3,vi=1e3,bi=1500,yi=4e3,gi={audio:2e4,camera:5e3};function Dt(t,e){let{now:n,visible:i,running:s}=e,o=h=>t[h].verdict==="gives"&&!t[h].muted&&e[h].muted,a=i&&(!t.visible||n-t.now>=$i),l=a||t.running&&!s||o("audio")||o("camera"),u=l?n:t.shakenAt,p={now:n,watched:i&&!a,settled:n-u>=bi},m=h=>ki({...t[h],suspect:t[h].suspect||l||!i},e[h],p,gi[h]);return{now:n,visible:i,running:s,shakenAt:u,interrupted:l,audio:m("audio"),camera:m("camera")}}function ki(t,{track:e,wanted:n,ended:i,muted:s,counts:o},{now:a,watched:l,settled:u},p){let m={...t,track:e,muted:s,counts:o};if(!l||e===null||!n)return{...m,since:a,verdict:"unknown"};if(i)return{...m,verdict:"dead"};if(e!==t.track)return{...m,since:a,verdict:"unknown"};let h=o.some(($,v)=>$!==null&&$>(t.counts[v]??1/0));if(h&&!u)return{...m,since:a};if(h)return{...m,lively:!0,suspect:!1,since:a,verdict:"gives"};if(!t.lively||o.every($=>$===null))return{...m,since:a};let f=s&&t.muted?vi:t.suspect?yi:p;return a-t.since>=f?{...m,verdict:"dead"}:m}function xe(t,{audio:e,camera:n}){let i=[...t?.values()??[]].filter(({type:o})=>o==="media-source"),s=o=>i.find(({trackIdentifier:a})=>a===o?.id);return{energy:s(e)?.totalAudioEnergy??null,frames:s(n)?.frames??null}}var we=class{#e;#t=Ct;#n=new lt;#i=!1;constructor(e){this.#e=e,document.addEventListener("visibilitychange",()=>this.look())}look(){let{capture:e,stage:n,sources:i,dispatch:s}=this.#e,o=this.#t,a=document.visibilityState==="visible",l=ct(),{audio:u,camera:p}=e.tracks,{energy:m,frames:h}=i();this.#t=Dt(o,{now:Date.now(),visible:a,running:l,audio:jt(u,[m,this.#n.count(u)]),camera:jt(p,[h,n.ownFrames()])}),a&&this.#i&&!l&&at(),this.#i||=l,this.#t.interrupted&&s({type:"interrupted"});for(let f of["audio","camera"]){let{verdict:$}=this.#t[f];$!==o[f].verdict&&($==="dead"?s({type:"track_dead",kind:f}):$==="gives"&&s({type:"track_alive",kind:f}))}}},jt=(t,e)=>({track:t?.id??null,wanted:t?.enabled===!0,ended:t?.readyState==="ended",muted:t?.muted===!0,counts:e});var Bt=()=>document.fullscreenEnabled===!0,Ut=()=>document.pictureInPictureEnabled===!0,Ae=class{#e;#t;#n;#i;constructor({capture:e,stage:n,dispatch:i,onCaptured:s}){this.#e=e,this.#t=n,this.#n=i,this.#i=s,rt(()=>{this.#h()}),document.addEventListener("fullscreenchange",()=>i({type:"full_changed",full:document.fullscreenElement!==null})),document.addEventListener("enterpictureinpicture",()=>i({type:"small_changed",small:!0})),document.addEventListener("leavepictureinpicture",()=>i({type:"small_changed",small:!1}))}run(e){this.#c(e)}#c(e){switch(e.type){case"listDevices":this.#h();break;case"changeDevice":this.#e.change(e.kind,e.deviceId).then(this.#i);break;case"speaker":this.#a(e.speakerId);break;case"blur":this.#o(e.on);break;case"fullScreen":(e.on?document.documentElement.requestFullscreen():document.exitFullscreen()).catch(()=>{});break;case"smallWindow":(e.key===null?document.exitPictureInPicture():this.#t.find(e.key)?.requestPictureInPicture())?.catch(()=>{});break}}async#h(){let{speaker:e}=this.#t,[n,i,s]=await Promise.all([be("videoinput"),be("audioinput"),e.list()]);this.#n({type:"devices_listed",cameras:n,microphones:i,speakers:s,speakerId:e.id})}async#a(e){let n=await this.#t.speaker.choose(e);this.#n({type:"speaker_set",speakerId:this.#t.speaker.id,taken:n})}async#o(e){let{camera:n}=this.#e.tracks;n!==null&&(await ot(n,e),n===this.#e.tracks.camera&&this.#n({type:"blur_set",blur:st(n)}))}};var te={now:()=>Date.now(),start:(t,e)=>setTimeout(t,e),stop:t=>clearTimeout(t)},ee=class{#e=new Map;#t;constructor(e){this.#t=e}after(e,n,i){this.stop(e);let s=()=>(this.#e.delete(e),i());this.#e.set(e,this.#t.start(s,n))}has(e){return this.#e.has(e)}stop(e){this.#t.stop(this.#e.get(e)),this.#e.delete(e)}stopAll(){for(let e of[...this.#e.keys()])this.stop(e)}},I=(t,e)=>t[Math.min(Math.max(e,1),t.length)-1];var Ft=[8e3,16e3,3e4],_i=1500,Si=4e3,xi=5e3,Oe=4e3,ne=class{#e;#t;#n;#i=0;#c=0;#h=-Oe;#a="new";#o=!1;#l=!1;#s=null;#u=!1;#d=0;constructor(e,n,i){this.#e=e,this.#t=n,this.#n=i}get attempt(){return this.#i}opening(){this.#i+=1}opened(){this.#c=this.#t(),this.#r(I(Ft,this.#i))}dropped(){this.#v(),this.#a="new",this.#o=!1,this.#l=!1}ended(){this.#i=0}became(e){this.#a=e,e==="connected"?(this.#e.stop("watch"),this.#o=!0,this.#i=0,this.#l||this.#v()):e==="disconnected"?this.#r(_i):e==="failed"||e==="closed"?(this.#e.stop("watch"),this.#$("new")):this.#o&&this.#r(I(Ft,1))}nudge(){if(this.#a==="connected")return this.refresh();!this.#o&&this.#s===null&&this.#t()-this.#c<xi||this.#$(this.#m())}refresh(){this.#s!==null||this.#t()-this.#h<Oe||(this.#h=this.#t(),this.#p(!0))}force(){this.#l=!0,this.#$("new")}reached(){this.#u&&(this.#s===null?this.#p(!0):this.#f())}#m(){return this.#o&&this.#a!=="failed"&&this.#a!=="closed"?"keep":"new"}#r(e){this.#e.after("watch",e,()=>this.#$(this.#m()))}#$(e){this.#s!=="new"&&(this.#s=e),this.#f()}#f(){this.#e.after("restart",Oe,()=>this.#f());let e=this.#s==="keep";this.#p(e,()=>{e&&this.#e.after("restart",Si,()=>this.#$("new"))})}#p(e,n){let i=++this.#d;this.#u=!1,this.#n(e).then(s=>{i===this.#d&&(this.#u="error"in s&&(s.error.code==="offline"||s.error.code==="timeout"),this.#u||n?.())})}#v(){this.#e.stop("restart"),this.#d+=1,this.#s=null,this.#u=!1}};var Ee=(t,e=!1)=>e?`${t}/screen`:t,ie=class{#e=new Map;#t;constructor(e){this.#t=e}collect(e,n){let i=new Map;for(let{mid:s,receiver:o}of n){let a=e.remote.find($=>$.mid===s);if(a===void 0)continue;let{participant:l,name:u}=a,p=a.source==="screen",m=Ee(l,p),h=this.#e.get(m)??this.#t();this.#e.set(m,h);let f=i.get(m)??{remote:{key:m,participant:l,name:u,screen:p,stream:h,audio:!1,picture:!1,sound:null},tracks:new Set};i.set(m,f),f.tracks.add(o.track),o.track.kind==="audio"?Object.assign(f.remote,{audio:!0,sound:o}):f.remote.picture=!0}for(let[s,o]of this.#e)this.#n(s,o,i.get(s)?.tracks??new Set);return[...i.values()].map(({remote:s})=>s)}clear(){this.#e.clear()}#n(e,n,i){for(let s of n.getTracks())i.has(s)||n.removeTrack(s);for(let s of i)n.getTracks().includes(s)||n.addTrack(s);i.size===0&&this.#e.delete(e)}};async function Te(t,e){let n=t.getParameters(),i=n.encodings?.[0];return i===void 0?!1:Object.entries(e).every(([s,o])=>i[s]===o)?!0:(Object.assign(i,e),t.setParameters(n).then(()=>!0,()=>!1))}var Ht=t=>Te(t,{priority:"high",networkPriority:"high"});var Wt={begins:.1,lasts:.03},wi=.15,Ai=.2,Oi=.5,Ei=4e3,Ti=1.02,qt={full:1e3,small:3e3},Mi=15e3,Ri=[1e4,2e4,4e4,6e4],Ii=[8e3,16e3,32e3,6e4],zt=6e4,Vt=1e5,Me={picture:"full",narrowSince:null,drownsSince:null,wellSince:null,cameBackAt:-1/0,grewAt:-1/0,failures:0,setbacks:0,best_s:null,target_bps:null,heard:null,heardAt:1/0},Kt=t=>H(t);function Yt(t,e,n){let i=Math.min((t.best_s??1/0)*Ti,e.rtt_s??1/0),s=e.rtt_s!==null&&e.rtt_s>i+Ai,o=(e.loss??0)>(t.drownsSince===null?Wt.begins:Wt.lasts),a=e.heard===t.heard?t.heardAt:n,l=e.heard!==null&&t.picture!=="none"&&n-a>=Ei,u=s||o||l||e.rtt_s===null||e.rtt_s>=Oi,p=(h,f)=>h?f??n:null,m={...t,best_s:i===1/0?null:i,target_bps:e.target_bps,heard:e.heard,heardAt:a,narrowSince:p(Li(e,t)&&u&&n-t.cameBackAt>=Mi,t.narrowSince),drownsSince:p(s&&o||l,t.drownsSince),wellSince:p(!s&&!l&&(e.rtt_s!==null||!o),t.wellSince)};return Pi(m,n)}function Pi(t,e){let{picture:n,narrowSince:i,drownsSince:s,wellSince:o,failures:a,setbacks:l}=t,u=(p,m)=>p!==null&&e-p>=(m??0);return n==="none"?u(o,Gt(Ri,a))?{...H(t),picture:"small",cameBackAt:e}:t:u(i,5e3)||n==="small"&&u(s,qt.small)?{...H(t),picture:"none",failures:e-t.cameBackAt<zt?a+1:0}:n==="full"?u(s,qt.full)?{...H(t),narrowSince:i,picture:"small",setbacks:e-t.grewAt<zt?l+1:0}:t:u(o,Gt(Ii,l))?{...H(t),picture:"full",grewAt:e}:t}var H=t=>({...t,narrowSince:null,drownsSince:null,wellSince:null}),Gt=(t,e)=>t[Math.min(e,t.length-1)];function Li({available_bps:t,loss:e,target_bps:n},i){if(i.picture==="none")return!1;if(t!==null)return t<12e4;let s=n===null||n<12e4||i.target_bps!==null&&n<i.target_bps;return e!==null&&e>wi&&(s||i.narrowSince!==null)}function Jt(t){let e={available_bps:null,loss:null,target_bps:null,rtt_s:null,heard:null},[n,i,s]=[!1,-1/0,0],[o,a,l]=[null,null,null];for(let u of t.values())u.type==="candidate-pair"&&u.nominated?(e.available_bps=u.availableOutgoingBitrate??e.available_bps,a=u.currentRoundTripTime??a,l=u.responsesReceived??l):u.type==="remote-inbound-rtp"?(s+=u.timestamp??0,n||(e.loss=u.fractionLost??e.loss),n||=u.kind==="audio",u.roundTripTime!==void 0&&(u.timestamp??0)>i&&([i,o]=[u.timestamp??0,u.roundTripTime])):u.type==="outbound-rtp"&&u.kind==="video"&&u.targetBitrate!==void 0&&(e.target_bps=(e.target_bps??0)+u.targetBitrate);return l!==null&&(e.heard=l+s),(a!==null||o!==null)&&(e.rtt_s=Math.max(a??0,o??0)),e}var Re={packetsSent:0,bytesSent:0,framesSent:0,packetsReceived:0,packetsLost:0,bytesReceived:0,audioPacketsReceived:0,framesDecoded:0,framesPerSecond:0,width:0,height:0,rtt:0,lossIn:0};function S(t,e){if(t===null)return{figures:Object.freeze({...Re})};let n={...Re};for(let a of t.values())a.type==="outbound-rtp"?Ni(n,a):a.type==="inbound-rtp"?Ci(n,a):a.type==="candidate-pair"&&a.nominated&&a.currentRoundTripTime!==void 0&&(n.rtt=a.currentRoundTripTime);let i=e?.figures??Re,s=Math.max(0,n.packetsLost-i.packetsLost),o=Math.max(0,n.packetsReceived-i.packetsReceived);return n.lossIn=s+o>0?s/(s+o):0,{figures:Object.freeze(n)}}function Ni(t,e){t.packetsSent+=e.packetsSent??0,t.bytesSent+=e.bytesSent??0,t.framesSent+=e.framesSent??0}function Ci(t,e){if(t.packetsReceived+=e.packetsReceived??0,t.packetsLost+=Math.max(0,e.packetsLost??0),t.bytesReceived+=e.bytesReceived??0,e.kind==="audio"){t.audioPacketsReceived+=e.packetsReceived??0;return}t.framesDecoded+=e.framesDecoded??0,t.framesPerSecond+=e.framesPerSecond??0,t.width=Math.max(t.width,e.frameWidth??0),t.height=Math.max(t.height,e.frameHeight??0)}var Di=1500,Xt=[2e3,4e3,8e3,16e3,3e4],ji=2e3,Bi=4e3,P=class{#e;#t=null;#n=null;#i=null;#c={audio:null,camera:null,screen:null};#h="full";#a;#o="none";#l=0;#s="";#u=!1;#d="none";#m=Promise.resolve();#r=0;#$;#f;#p;constructor(e){this.#e=e,this.#$=e.clock??te,this.#f=new ee(this.#$),this.#a=new ie(e.makeStream??(()=>new MediaStream)),this.#p=new ne(this.#f,this.#$.now,n=>e.sendRestart({transport:this.#s,keep:n}))}get status(){return this.#d}sync(e){return e===null?this.close():(this.#n=e,this.#t!==null&&e.transport!==this.#s&&this.#x(),this.#t!==null&&this.#p.reached(),this.#b(()=>this.#_()))}setTracks(e){return this.#c=e,this.#b(()=>this.#y())}send(e){return this.#h=e,this.#b(()=>this.#y())}nudge(){this.#t!==null&&this.#p.nudge()}async wake(){this.#t!==null&&(this.#d!=="connected"&&this.nudge(),await this.#v(ji)&&(this.#p.refresh(),await this.#v(Bi)&&this.#p.force()))}async report(){let e=this.#r,n=await this.#t?.getStats().catch(()=>null);return e===this.#r?n??null:null}close(){this.#n=null,this.#x(),this.#g("none")}async#v(e){let n=this.#r,i=async()=>S(await this.report()).figures.packetsReceived,s=await i();return await new Promise(a=>this.#$.start(()=>a(void 0),e)),await i()===s&&n===this.#r&&this.#d==="connected"&&(this.#i?.remote.length??0)>0}#b(e){let n=this.#r,i=()=>n===this.#r?e():void 0;return this.#m=this.#m.then(i).catch(s=>{n===this.#r&&this.#k(s)}),this.#m}#k(e){if(console.error("Media step failed:",e?.name),this.#g("reconnecting"),this.#f.has("retry"))return;let n=this.#t===null?()=>{this.#b(()=>this.#_())}:()=>this.#p.force();this.#f.after("retry",I(Xt,this.#p.attempt),n)}async#_(){let e=this.#n;if(e===null||e===this.#i)return;let n=this.#r;this.#t===null&&this.#w(e),this.#i=e,await this.#y(),n===this.#r&&(e.sdp!==null&&e.revision>this.#l?await this.#A(e,e.sdp):e.sdp!==null&&e.revision===this.#l&&this.#o==="failed"&&this.#S(e),n===this.#r&&this.#e.onRemotes(this.#a.collect(e,this.#t?.getTransceivers()??[])))}#w(e){let n={iceServers:e.ice_servers,bundlePolicy:"max-bundle"};this.#p.opening();let i=this.#e.connect?.(n)??new RTCPeerConnection(n);this.#t=i,this.#s=e.transport,i.addEventListener("connectionstatechange",()=>{this.#t===i&&this.#T(i.connectionState)}),this.#g(this.#u?"reconnecting":"connecting"),this.#p.opened(),e.sdp===null&&this.#p.force()}async#A(e,n){let[i,s]=[this.#t,this.#r];if(i===null||(await i.setRemoteDescription({type:"offer",sdp:n}),s!==this.#r))return;for(let a of i.getTransceivers())Qt(e,a.mid)!==null&&(a.direction="sendonly");if(await this.#y(),s!==this.#r)return;let o=await i.createAnswer();s===this.#r&&(await i.setLocalDescription(o),s===this.#r&&(this.#l=e.revision,this.#S(e),await this.#y()))}#S(e){let n=this.#t,i=n?.localDescription?.sdp;if(i===void 0)return;this.#o="sending";let{transport:s,revision:o}=e;this.#e.sendAnswer({transport:s,revision:o,sdp:i}).then(a=>{this.#t!==n||this.#l!==o||(this.#o="ok"in a?"sent":"failed","error"in a&&this.#O(e,a.error.code))})}#O(e,n){if(n==="offline"||n==="timeout")return;if(n==="too_many_requests"||n==="internal"){this.#f.after("resend",Di,()=>{this.#o==="failed"&&this.#l===e.revision&&this.#S(e)});return}this.#o="refused";let{attempt:i}=this.#p;i<=1?this.#p.force():this.#f.after("retry",I(Xt,i-1),()=>this.#p.force())}async#y(){let[e,n]=[this.#i,this.#t];e===null||n===null||await Promise.all(n.getTransceivers().map(({mid:i,sender:s})=>this.#E(Qt(e,i),s,e.publish)))}async#E(e,n,i){if(e===null)return;let s=this.#r,o=i?this.#c[e]:null,a=e==="camera"&&this.#h==="none"&&o!==null;if(n.track!==o&&!a&&await n.replaceTrack(o),s!==this.#r||o===null||this.#l===0||(e==="audio"&&await Ht(n),e!=="camera"))return;let l=await Te(n,{active:!a,maxBitrate:this.#h==="small"?Vt:void 0});if(s!==this.#r)return;let u=a&&!l?null:o;n.track!==u&&await n.replaceTrack(u)}#T(e){e==="connected"?(this.#u=!0,this.#g("connected")):(e==="disconnected"||e==="failed")&&this.#g("reconnecting"),this.#p.became(e)}#x(){this.#r+=1,this.#m=Promise.resolve(),this.#f.stopAll(),this.#p.dropped(),this.#t?.close(),this.#t=null,this.#i=null,this.#s="",this.#l=0,this.#o="none"}#g(e){e!==this.#d&&(this.#d=e,e==="none"&&(this.#u=!1,this.#p.ended(),this.#a.clear(),this.#e.onRemotes([])),this.#e.onStatus(e))}};function Qt(t,e){let n=Object.entries(t.mids).find(([,i])=>i===e);return e===null||n===void 0?null:n[0]}var W={first:null,last:null,readings:0,still:0,stills:0,stillReadings:0};function Zt(t,e){let n=Fi(e),i=t.last!==null&&n.frames>0&&n.frames===t.last.frames?t.still+1:0,s=i>0&&i<=5,o={...t,first:t.first??n,last:n,readings:t.readings+(t.first===null?0:1),still:i,stills:t.stills+(i===1?1:0),stillReadings:t.stillReadings+(s?1:0)};return o.readings<5?{log:o,report:null}:{log:{...W,first:n,last:n,still:i},report:Ui(o,e)}}function Ui(t,e){let[n,i]=[t.first,t.last],s=u=>Math.max(0,i[u]-n[u]),o=(i.freezes??n.freezes)!==null,l=[...e.values()].filter(({type:u,kind:p})=>u==="inbound-rtp"&&p==="video").reduce((u,p)=>(p.frameHeight??0)>(u?.frameHeight??0)?p:u,null);return{rtt_ms:Hi(e),freezes:o?Math.max(0,(i.freezes??0)-(n.freezes??0)):t.stills,frozen_ms:Math.round(o?s("frozen_ms"):t.stillReadings*1e3),concealed:s("samples")===0?0:Math.min(1,s("made_up")/s("samples")),frames_per_s:Math.round(l?.framesPerSecond??0),height:l?.frameHeight??0,limited:Wi(e)}}function Fi(t){let e={freezes:null,frozen_ms:0,made_up:0,samples:0,frames:0};for(let n of t.values())if(n.type==="inbound-rtp"){if(n.kind==="audio"){e.made_up+=(n.concealedSamples??0)-(n.silentConcealedSamples??0),e.samples+=n.totalSamplesReceived??0;continue}e.frames+=n.framesDecoded??0,n.freezeCount!==void 0&&(e.freezes=(e.freezes??0)+n.freezeCount,e.frozen_ms+=(n.totalFreezesDuration??0)*1e3)}return e}function Hi(t){let e=[...t.values()],i=e.find(({type:s,nominated:o,currentRoundTripTime:a})=>s==="candidate-pair"&&o&&a!==void 0)?.currentRoundTripTime??e.find(({type:s,roundTripTime:o})=>s==="remote-inbound-rtp"&&o!==void 0)?.roundTripTime;return i===void 0?null:Math.round(i*1e3)}function Wi(t){let e=[...t.values()].filter(({type:n,active:i})=>n==="outbound-rtp"&&i!==!1).map(({qualityLimitationReason:n})=>n);return e.includes("bandwidth")?"network":e.includes("cpu")?"cpu":"none"}var oe=()=>typeof navigator.mediaDevices?.getDisplayMedia=="function"&&!matchMedia("(pointer: coarse) and (max-width: 63.99rem)").matches,se=class{#e=null;#t=0;#n;constructor(e){this.#n=e}async start(){let e=++this.#t,n=await this.#i();if(e!==this.#t)return n?.stop();this.#c(n)}stop(){this.#t+=1,this.#e!==null&&this.#c(null)}async#i(){let e={video:{frameRate:{max:15}},audio:!1};return(await navigator.mediaDevices.getDisplayMedia(e).catch(()=>null))?.getVideoTracks()[0]??null}#c(e){this.#e?.stop(),this.#e=e,e!==null&&(e.contentHint="detail",e.addEventListener("ended",()=>this.#e===e&&this.stop())),this.#n(e)}};var en=new Map;function tn(t,e){return new Map([...e].map(([n,i])=>{let{speaks:s,run:o}=t.get(n)??{speaks:!1,run:0};if(!(s?i<.008:i>=.02))return[n,{speaks:s,run:0}];let l=o+1>=(s?4:2);return[n,l?{speaks:!s,run:0}:{speaks:s,run:o+1}]}))}var Ie=t=>[...t].filter(([,{speaks:e}])=>e).map(([e])=>e),re=class{#e=new WeakMap;level(e){let i=(e?.getSynchronizationSources?.()??[]).reduce((o,a)=>o===null||a.timestamp>o.timestamp?a:o,null);if(e===null||i===null)return 0;let s=this.#e.get(e)===i.timestamp;return this.#e.set(e,i.timestamp),s?0:i.audioLevel??0}};var Pe=class{#e;#t;#n;#i;#c={audio:null,camera:null,screen:null};#h=null;#a=[];#o=S(null).figures;#l=xe(null,{audio:null,camera:null});#s=W;#u=Me;#d=en;#m=new re;#r=null;constructor(e){this.#e=e,this.#t=e.peer?.clock??te,this.#n=new P({sendAnswer:n=>e.request("media.answer",n),sendRestart:n=>e.request("media.restart",n),onStatus:n=>this.#f(n),onRemotes:n=>this.#p(n),...e.peer}),this.#i=new se(n=>{this.#e.dispatch({type:n===null?"screen_ended":"screen_shared"}),this.#$({screen:n})})}get stats(){return this.#o}get sources(){return this.#u.picture==="none"?{...this.#l,frames:null}:this.#l}sync(e){if(this.#h=e,e===null)return this.close();this.#n.sync(e)}setTracks(e){this.#$(e)}shareScreen(){this.#i.start()}stopSharing(){this.#i.stop()}nudge(){this.#n.nudge()}wake(){this.#n.wake()}close(){this.#i.stop(),this.#n.close()}async measure(){let e=this.#n.status==="none"?null:await this.#n.report();this.#l=xe(this.#n.status==="connected"?e:null,this.#c),e!==null&&(this.#o=S(e,{figures:this.#o}).figures,this.#e.onFigures?.(this.#o),this.#e.dispatch({type:"stalled",stalled:this.#e.stage.stalled()}),this.#n.status==="connected"&&(this.#b(e),this.#_(e)))}#$(e){this.#c={...this.#c,...e},this.#n.setTracks(this.#c)}#f(e){this.#s=W,e==="none"?(this.#o=S(null).figures,this.#k(Me)):e==="reconnecting"&&(this.#u=Kt(this.#u)),this.#e.dispatch({type:"media",status:e})}#p(e){this.#a=e,this.#e.stage.show(e),this.#t.stop(this.#r),this.#r=null,this.#v()}#v(){let e=this.#a.filter(({sound:s})=>s!==null),n=Ie(this.#d).join();this.#d=tn(this.#d,new Map(e.map(({participant:s,sound:o})=>[s,this.#m.level(o)])));let i=Ie(this.#d);i.join()!==n&&this.#e.dispatch({type:"speaking",speaking:i}),e.length>0&&(this.#r=this.#t.start(()=>this.#v(),220))}#b(e){!(this.#a.length>0&&this.#h?.publish===!0)||this.#c.camera===null||this.#k(Yt(this.#u,Jt(e),this.#t.now()))}#k(e){let n=this.#u.picture,{picture:i}=e;this.#u=e,i!==n&&(this.#n.send(i),(i==="none"||n==="none")&&this.#e.dispatch({type:"weak_network",weak:i==="none"}))}#_(e){let n=this.#h;if(n===null||this.#a.length===0||!this.#e.isVisible()){this.#s=W;return}let{log:i,report:s}=Zt(this.#s,e);this.#s=i,s!==null&&this.#e.request("media.report",{transport:n.transport,...s})}};var Ne=!1,Le=!1,ae=null;function zi(t){Ne=t,t?nn():sn()}async function nn(){let t=Le||ae?.released===!1;!Ne||t||document.visibilityState!=="visible"||!("wakeLock"in navigator)||(Le=!0,ae=await navigator.wakeLock.request("screen").catch(()=>null),Le=!1,Ne||sn())}function sn(){ae?.release().catch(()=>{}),ae=null}document.addEventListener("visibilitychange",()=>{nn()});var on=(t,e)=>`40${t},${JSON.stringify(e)}`,rn=t=>`41${t},`,an=(t,e,n,i)=>`42${t},${e}${JSON.stringify([n,i])}`;function cn(t,e){if(typeof t!="string")return null;try{switch(t[0]){case"0":return Gi(JSON.parse(t.slice(1)));case"1":return{type:"close"};case"2":return{type:"ping"};case"4":return Vi(t.slice(1),e)}}catch{}return null}function Gi({pingInterval:t,pingTimeout:e}){let n=t+e;return Number.isFinite(n)&&n>0?{type:"open",silenceMs:n}:null}function Vi(t,e){let[,n,i,s,o]=/^([0-4])([^,]*)(?:,(\d*)(.*))?$/s.exec(t)??[];if(i!==e)return null;let a=o===void 0||o===""?null:JSON.parse(o);switch(n){case"0":return{type:"connected"};case"1":return{type:"disconnected"};case"2":return Array.isArray(a)&&typeof a[0]=="string"?{type:"event",name:a[0],argument:a[1]}:null;case"3":return Array.isArray(a)&&s!==void 0&&s!==""?{type:"ack",id:Number(s),answer:a[0]}:null;case"4":return{type:"refused",code:typeof a?.data?.code=="string"?a.data.code:null}}return null}var ln=6e3,ce=class{isUp=!1;#e=!1;#t=0;#n=new Map;#i=[];#c;#h=ln;#a=ln;#o;#l;#s;constructor(e,n,i){this.#o=e,this.#l=i,this.#s=new WebSocket(`${location.origin.replace(/^http/,"ws")}/socket.io/?EIO=4&transport=websocket`),this.#s.onmessage=({data:s})=>this.#m(s,n),this.#s.onclose=()=>this.#f(),globalThis.addEventListener?.("offline",this.#u),this.#d()}ask(e,n,i){return new Promise(s=>{if(!this.isUp)return s(null);let o=this.#t++,a=setTimeout(()=>this.#$(o,null),i);this.#n.set(o,l=>{clearTimeout(a),s(l)}),this.#s.send(an(this.#o,o,e,n))})}close(){this.isUp&&this.#s.readyState===WebSocket.OPEN&&this.#s.send(rn(this.#o)),this.#f()}#u=()=>this.#f();#d(){clearTimeout(this.#c),this.#c=setTimeout(this.#u,this.#h)}#m(e,n){if(this.#e)return;let i=cn(e,this.#o);switch(this.#d(),i?.type){case"open":return this.#a=i.silenceMs,this.#s.send(on(this.#o,n));case"ping":return this.#s.send("3");case"connected":return this.#r();case"event":return this.isUp?this.#l.event(i.name,i.argument):void this.#i.push([i.name,i.argument]);case"ack":return this.#$(i.id,i.answer??null);case"refused":this.#l.refused(i.code)}this.#f()}#r(){this.isUp=!0,this.#h=this.#a,this.#d(),this.#l.up();for(let[e,n]of this.#i.splice(0))this.#e||this.#l.event(e,n)}#$(e,n){let i=this.#n.get(e);this.#n.delete(e),i?.(n)}#f(){if(!this.#e){this.#e=!0,this.isUp=!1,clearTimeout(this.#c),globalThis.removeEventListener?.("offline",this.#u),this.#s.onmessage=this.#s.onclose=null,this.#s.close();for(let e of[...this.#n.keys()])this.#$(e,null);this.#l.down()}}};var Yi=4e3,Ji=1500,[Xi,Qi]=[250,1500],un=1e3,Zi=new Set(["draining","storage_failed","internal"]),q=class{#e="connecting";#t=-1;#n=0;#i=null;#c;#h;#a;#o;#l;constructor(e,n,i,s){this.#h=e,this.#a=n,this.#o=i,this.#l=s,this.#s(),s.onStatus(this.#e)}get connected(){return this.#i?.isUp??!1}async request(e,n){let i=this.#i;if(!i?.isUp)return{error:{code:"offline"}};let s=await i.ask(e,n,Yi);return s!==null?s:(this.#u(i),{error:{code:"timeout"}})}async probe(e){let n=this.#i;if(!n?.isUp)return this.kick();await n.ask(e,{},Ji)===null&&this.#u(n)}kick(){this.#i?.isUp&&this.#i.close(),this.#i===null&&this.#s()}close(){this.#r("closed"),clearTimeout(this.#c),this.#i?.close()}#s(){if(clearTimeout(this.#c),this.#e==="closed")return;this.#n+=1;let e=0,n=new ce(this.#h,{token:this.#a},{up:()=>{this.#t=-1,this.#n=0,this.#r("connected")},event:(i,s)=>{i==="snapshot"?this.#d(s):i==="bye"&&(e=this.#m(s?.code),n.close())},refused:i=>{e=i===null?un:this.#m(i)},down:()=>{if(this.#i=null,this.#e==="closed")return;this.#e==="connected"&&this.#r("reconnecting");let i=Math.min(Qi,Xi*2**this.#n);this.#c=setTimeout(()=>this.#s(),e||i*(.5+Math.random()/2))}});this.#i=n}#u(e){this.#i===e&&e.close()}#d(e){let n=T(this.#o,e);if(n!==null){console.error(`A snapshot was dropped: ${n} is not as docs/protocol.md says.`);return}e.version<=this.#t||(this.#t=e.version,this.#l.onSnapshot(e))}#m(e){return Zi.has(e)?(this.#r("reconnecting"),un):(this.#e!=="closed"&&(this.close(),this.#l.onEnd(e)),0)}#r(e){this.#e===e||this.#e==="closed"||(this.#e=e,this.#l.onStatus(e))}};var es="AL AK AS AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND MP OH OK OR PA PR RI SC SD TN TX VI UT VT VA WA WV WI WY GU".split(" "),pn="XX",dn=({t,language:e})=>es.map(n=>[n,t(`place.${n}`)]).sort(([,n],[,i])=>n.localeCompare(i,e));function Ce({wrong:t},e,n){return t===null||t.field!==n?"":t.n!==void 0?e.count(t.key,t.n):e.t(e.has(t.key)?t.key:"checkin.wrong.any")}var De=(t,e)=>t===""?c:r`<p class="fault" id=${e}>${d.alert()}<span>${t}</span></p>`;function z(t,e,n,i){return Be(t,e,i,s=>r`
    <input id=${i.name} type=${i.type??"text"} maxlength=${i.most??200} autocomplete=${i.autocomplete??"off"}
      inputmode=${i.inputmode??c} aria-invalid=${s.invalid} aria-describedby=${s.described}
      .value=${i.value} @input=${je(n,i.name)}>
  `)}function le(t,e,n,i){return Be(t,e,i,s=>r`
    <textarea id=${i.name} rows="3" maxlength=${i.most??500} aria-invalid=${s.invalid} aria-describedby=${s.described}
      .value=${i.value} @input=${je(n,i.name)}></textarea>
  `)}function hn(t,e,n,i,s,o){return Be(t,e,i,a=>r`
    <select id=${i.name} autocomplete=${i.autocomplete??"off"} aria-invalid=${a.invalid} aria-describedby=${a.described}
      @change=${je(n,i.name)}>
      <option value="" ?selected=${i.value===""}>${s}</option>
      ${o.map(([l,u])=>r`<option value=${l} ?selected=${l===i.value}>${u}</option>`)}
    </select>
  `)}var je=(t,e)=>n=>t({type:"typed",name:e,value:n.target.value});function Be(t,e,{name:n,label:i,hint:s,look:o="",invalid:a=!1},l){let u=Ce(t,e,n),p=[...s?[`${n}-hint`]:[],...u?[`${n}-fault`]:[]].join(" ");return r`
    <div class="field ${o}">
      <label for=${n}>${i}</label>
      ${s?r`<p class="hint" id="${n}-hint">${s}</p>`:c}
      ${De(u,`${n}-fault`)}
      ${l({invalid:u||a?"true":c,described:p||c})}
    </div>
  `}function G(t,e,n){if(!St(t))return c;let{t:i}=e,{status:s}=t.helper,o=s==="folded"?"":t.helper.url;return r`
    <div class="asks">
      <div role="status">
        ${s==="failed"?r`<p class="bad">${d.alert()}<span>${i("helper.failed",{phone:t.clinic?.phone??""})}</span></p>`:c}
        ${o===""?c:r`<p>${i("helper.lead")}</p>`}
        ${s==="copied"?r`<p class="good">${d.check()}<span>${i("helper.copied")}</span></p>`:c}
        ${s==="uncopied"?r`<p>${i("helper.uncopied")}</p>`:c}
      </div>
      ${o===""?r`<button class="secondary" type="button" aria-disabled=${s==="asking"} @click=${()=>n({type:"helper_tapped"})}>
            ${d.person()}${i(s==="asking"?"moment":"helper.ask")}
          </button>`:r`<input class="link-field" readonly aria-label=${i("helper.link")} .value=${o} @focus=${a=>a.target.select()} />
            <button class="secondary" type="button" @click=${()=>n({type:"share_link_tapped"})}>${i("helper.share")}</button>`}
    </div>
  `}function fn(t,{t:e}){let n=t.reported?.camera==="works"&&t.reported.microphone==="works",i=t.snapshot?.check_in!=null&&t.snapshot.check_in.items.length>0&&D(t).length===0;return r`
    <main class="column">
      <h1 tabindex="-1">${e("helper.doneTitle")}</h1>
      ${mn(n,e(n?"helper.tested":"helper.untested"))}
      ${t.snapshot?.check_in?.complete?c:mn(i,e(i?"helper.answered":"helper.unanswered"))}
      <p>${e("helper.next")}</p>
      <p>${e("helper.samePhone")}</p>
    </main>
  `}var mn=(t,e)=>r`<p class=${t?"good":"quiet"}>${t?d.check():d.alert()}<span>${e}</span></p>`;function $n(t,e,n){let i=wt(t);return i===null?ss(t,e,n):ts(t,e,n,i)}function ts(t,e,n,i){let{t:s}=e,o=xt(t),a=p=>(p.preventDefault(),n({type:"continue_tapped"})),l=i.kind==="consent"&&!ke(t,i),u=t.busy==="answer"?"checkin.saving":l?"checkin.consent.agree":"goOn";return r`
    <main class="column">
      <p class="step">${s("checkin.step",{n:o.indexOf(i)+1,of:o.length})}</p>
      <h1 tabindex="-1">${Ue(i,e)}</h1>
      ${g(t)==="companion"||w(t)?r`<p class="quiet">${d.person()}<span>${s("checkin.forPatient")}</span></p>`:c}
      <form class="sheet" novalidate @submit=${a}>
        ${ns[i.kind](t,e,n,i)}
        ${y(t,e)}
        <div class="actions">
          <button class=${l?"primary unhurried":"primary"} type="submit" aria-disabled=${t.busy==="answer"}>${s(u)}</button>
          ${vn(e,n)}
        </div>
      </form>
      ${U(t,e)}
      ${G(t,e,n)}
    </main>
  `}var vn=({t},e)=>r`<button class="secondary" type="button" @click=${()=>e({type:"back_tapped"})}>${t("checkin.back")}</button>`;function Ue(t,{t:e,language:n}){return t.kind!=="external"?e(`checkin.${t.kind}.title`):t.title[n]??t.title.en??Object.values(t.title)[0]??e("checkin.external.untitled")}var ns={location(t,e,n,i){let{t:s}=e,o={name:`${i.key}.state`,label:s("checkin.location.state"),value:B(t,i,"state"),autocomplete:"address-level1"},a={name:`${i.key}.address`,label:s("checkin.location.address"),value:B(t,i,"address")};return r`
      <p>${s("checkin.location.why")}</p>
      ${hn(t,e,n,o,s("checkin.location.choose"),[...dn(e),[pn,s("checkin.location.abroad")]])}
      ${z(t,e,n,{...a,hint:s("checkin.location.addressHint"),autocomplete:"street-address"})}
    `},callback(t,e,n,i){let{t:s}=e,o={name:`${i.key}.phone`,label:s("checkin.callback.phone"),value:B(t,i,"phone")};return r`
      <p>${s("checkin.callback.why")}</p>
      ${z(t,e,n,{...o,type:"tel",inputmode:"tel",autocomplete:"tel",most:40})}
    `},consent(t,e,n,i){let{t:s}=e,{text:o,version:a,language:l}=Ot(t),u=ke(t,i);return r`
      ${u?r`<p class="good">${d.check()}<span>${s("checkin.consent.agreed")}</span></p>`:r`<p>${s("checkin.consent.lead")}</p>`}
      <div class="paper" lang=${l}>${o.split(/\n+/).map(p=>r`<p>${p}</p>`)}</div>
      <p class="hint">${s("checkin.consent.version",{version:a})}</p>
      ${u?c:r`<p>${s("checkin.consent.no")}</p>`}
    `},reason(t,e,n,i){let{t:s}=e,o={name:`${i.key}.text`,label:s("checkin.reason.text"),value:B(t,i,"text"),most:500};return r`<p>${s("checkin.reason.why")}</p>${le(t,e,n,o)}`},external(t,e,n,i){let{t:s}=e;return i.state==="done"?r`<p class="good" role="status">${d.check()}<span>${s("checkin.external.done")}</span></p>`:r`
      <p>${s("checkin.external.lead")}</p>
      ${is(i,e)}
      <p>${s("checkin.external.later")}</p>
    `}};function is(t,e){return/^https?:\/\//i.test(t.url)?r`
    <a class="secondary" href=${t.url} target="_blank" rel="noopener noreferrer">
      ${e.t("checkin.external.open",{title:Ue(t,e)})}<span class="hidden">${e.t("checkin.external.newTab")}</span>
    </a>
  `:c}function ss(t,e,n){let{t:i}=e,s=!At(t)&&(g(t)==="patient"||w(t));return r`
    <main class="column">
      <h1 tabindex="-1">${i(s?"checkin.open.title":"checkin.ready.title")}</h1>
      <div role="status">${s?c:r`<p>${os(t,e)}</p>`}</div>
      ${s?rs(t,e,n):as(t,e)}
      ${y(t,e)}
      <div class="actions">
        ${k(t)?_(t,e,n):cs(t,e,n)}
        ${vn(e,n)}
      </div>
      ${k(t)?c:U(t,e)}
      ${G(t,e,n)}
    </main>
  `}function os(t,e){let n=ye(t);if(w(t))return e.t("helper.ready");if(n===null||Q(t))return e.t("checkin.ready.join");let i=t.clinic?.time_zone??"UTC",s=ge(t),o=e.day(n.opens_at,i,s)===e.t("day.today");return e.t(o?"checkin.ready.today":"checkin.ready.later",{day:e.date(n.opens_at,i),time:e.time(n.opens_at,i)})}function rs(t,e,n){let{t:i}=e;return r`
    <p>${i("checkin.open.lead")}</p>
    <ul class="open-items">
      ${D(t).map(s=>r`<li><button class="secondary" type="button" @click=${()=>n({type:"item_tapped",item:s.key})}>${Ue(s,e)}</button></li>`)}
    </ul>
    ${D(t).some(s=>s.kind==="external")?r`<p>${i("checkin.external.later")}</p>`:c}
    ${t.clinic?r`<p>${i("checkin.open.help",{phone:t.clinic.phone})}</p>`:c}
  `}function as(t,e){let n=ye(t);if(n===null||Q(t))return c;let i=Tt(Date.parse(n.opens_at)-ge(t),e);return r`
    <p class="countdown" role="timer"><span>${e.t("checkin.ready.countdown")}</span> <strong>${i}</strong></p>
    <p>${e.t("early.keep")}</p>
  `}var cs=(t,{t:e},n)=>Q(t)?r`<button class="primary" type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"join_tapped"})}>
        ${e(w(t)?"helper.done":t.busy==="join"?"devices.joining":"devices.join")}
      </button>`:c;var ls=({locale:t})=>new Intl.DateTimeFormat(t).formatToParts(0).map(({type:e})=>e).filter(e=>e!=="literal");function bn(t,e,n){let{t:i}=e,s=Ce(t,e,"birth"),o=a=>(a.preventDefault(),n({type:t.unsure?"unsure_tapped":"confirm_tapped"}));return r`
    <main class="column">
      <h1 tabindex="-1">${i(t.unsure?"confirm.unsureTitle":"confirm.title")}</h1>
      <p>${i(w(t)?t.unsure?"helper.unsure":"helper.birth":t.unsure?"confirm.unsure":"confirm.lead")}</p>
      <form class="sheet" novalidate @submit=${o}>
        ${t.unsure?c:r`<fieldset class="fields" aria-describedby="birth-hint ${s?"birth-fault":""}">
              <legend>${i("confirm.legend")}</legend>
              <p class="hint" id="birth-hint">${i("confirm.hint",{example:i("confirm.example")})}</p>
              <div role="alert">${De(s,"birth-fault")}</div>
              <div class="dates">
                ${ls(e).map((a,l)=>z(t,e,n,{name:`birth.${a}`,label:i(`confirm.${a}`),value:t.draft[`birth.${a}`]??"",inputmode:"numeric",autocomplete:`bday-${a}`,most:a==="year"?4:2,look:`field-${a}`,invalid:l===0&&s!==""}))}
              </div>
            </fieldset>`}
        ${y(t,e)}
        <div class="actions">
          <button class="primary" type="submit" aria-disabled=${t.busy==="confirm"}>${i(t.busy==="confirm"?"moment":"goOn")}</button>
        </div>
      </form>
      ${U(t,e)}
    </main>
  `}var yn={camera:{label:"devices.camera",unnamed:"devices.unnamedCamera"},microphone:{label:"devices.microphone",unnamed:"devices.unnamedMicrophone"},speaker:{label:"tools.speaker",unnamed:"tools.unnamedSpeaker"}};function A(t,e,n,{t:i},s){if(e.length<2)return c;let o=({target:a})=>{let l=a.value;a.value=n,s(l)};return r`
    <label>
      <span>${i(yn[t].label)}</span>
      <select @change=${o}>
        ${e.map(({deviceId:a,label:l},u)=>r`<option value=${a} .selected=${a===n}>${l||i(yn[t].unnamed,{n:u+1})}</option>`)}
      </select>
    </label>
  `}function ue(t,e,n,i){let s=t.filter(({deviceId:a})=>a!=="default"&&a!=="communications"),o=s.some(({deviceId:a})=>a===e);return s.length===0?c:A("speaker",[{deviceId:"",label:n.t("tools.usualSpeaker")},...s],o?e:"",n,i)}var gn=()=>_e(Z(navigator).system),kn=t=>t!==null&&Se(t,Z(navigator)).title==="unsupported.title";function _n({problem:t,picture:e,camera:n,microphone:i},{t:s},o=c){let a=Z(navigator),{title:l,fix:u}=Se(t??"",a),p=l!=="blocked.title"?`problem.${l}`:n||!e?"problem.blocked.soundOnly":i?"problem.blocked.cameraOnly":"problem.blocked.title",m=s(`problem.${u}`,{browser:t==="unsupported"?_e(a.system):Mt(a)}).split(`
`);return r`
    <div class="trouble">
      ${d.alert()}
      <div>
        <h2>${s(p)}</h2>
        ${m.length>1?r`<ol>${m.map(h=>r`<li>${h.replace(/^\d\. /,"")}</li>`)}</ol>`:r`<p>${m[0]}</p>`}
        ${o}
      </div>
    </div>
  `}var us=8e3;function Sn(t,e,n,i){let{t:s}=e,{status:o}=t.devices;return r`
    <main class="column column-wide">
      <h1 tabindex="-1">${s("devices.title")}</h1>
      ${o==="asking"?ps(t,e,n):c}
      <div role="status">${X(t)?r`<p class="good">${d.check()}<span>${s("devices.time")}</span></p>`:c}</div>
      <div role="status">${t.devices.problem?Fe(t,e,kn(t.devices.problem)?xn(t,e,n):c):c}</div>
      ${y(t,e)}
      ${t.devices.camera?r`<div class="preview">${i.stage.own}</div>`:c}
      ${o==="ready"&&!k(t)?ds(t,e,n,i):c}
      <div class="actions">${ms(t,e,n)}</div>
      ${G(t,e,n)}
    </main>
  `}function ps(t,e,n){let{t:i}=e,{slow:s}=t.devices;return r`
    <p>${i("devices.ask")}</p>
    <p class="quiet">${i("devices.asking")}</p>
    <div role="status">
      ${s?r`<div class="trouble">
            ${d.alert()}
            <div>
              <p>${i("devices.slow",{browser:gn()})}</p>
              ${xn(t,e,n)}
            </div>
          </div>`:c}
    </div>
  `}var xn=(t,e,n)=>ut(Et(t),e,()=>n({type:"copy_link_tapped"})),Fe=(t,e,n)=>_n(t.devices,e,n);function ds(t,e,n,i){let{t:s}=e,{camera:o,microphone:a,picture:l,heard:u,since:p}=t.devices;return r`
    ${a?r`<div class="levels">
          ${i.levelBar.label(s("devices.level"))}
          ${u?r`<p class="good">${d.check()}<span>${s("devices.heard")}</span></p>`:r`<p class="quiet">${d.microphone()}<span>${s(t.now-p>us?"devices.silent":"devices.speak")}</span></p>`}
        </div>`:c}
    ${l||o?c:r`<p class="quiet">${d.cameraOff()}<span>${s("devices.soundOnly")}</span></p>`}
    ${hs(t,e,n)}
    <div class="choices">
      ${o?A("camera",t.devices.cameras,t.devices.cameraId,e,m=>n({type:"device_chosen",cameraId:m})):c}
      ${a?A("microphone",t.devices.microphones,t.devices.microphoneId,e,m=>n({type:"device_chosen",microphoneId:m})):c}
    </div>
    ${t.devices.problem===null&&!X(t)?r`<p>${s(J(t)?"devices.goOnSound":t.testing?"devices.tested":j(t)?"devices.ready":"devices.goOn")}</p>`:c}
  `}function hs(t,{t:e},n){let{tested:i}=t.network,s=i===null?r`<p class="quiet">${d.line()}<span>${e("network.testing")}</span></p>`:i==="good"?r`<p class="good">${d.check()}<span>${e("network.good")}</span></p>`:i==="untested"?c:r`<div class="trouble">
        ${d.alert()}
        <div>
          <p>${e(`network.${i}`)}</p>
          ${i==="poor"&&t.devices.camera?r`<button class="secondary" type="button" @click=${()=>n({type:"sound_only_tapped"})}>${e("devices.soundOnlyButton")}</button>`:c}
        </div>
      </div>`;return r`<div role="status">${s}</div>`}function ms(t,e,n){let{t:i}=e,{status:s,problem:o,microphone:a,picture:l}=t.devices,u=($,v,b)=>r`<button class=${b} type="button" @click=${()=>n({type:$})}>${i(v)}</button>`;if(k(t))return _(t,e,n);if(X(t))return r`
      <button class="primary" type="button" aria-disabled=${t.busy==="redeem"} @click=${()=>n({type:"start_tapped"})}>
        ${i(t.busy==="redeem"?"start.busy":"start.button")}
      </button>
      ${u("back_tapped","devices.back","secondary")}
    `;let p=t.testing?u("back_tapped","devices.back",o===null&&s==="ready"?"primary":"secondary"):c,m=j(t)&&!J(t),h=($,v=m?"devices.join":"goOn")=>r`
    <button class=${$} type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:m?"join_tapped":"continue_tapped"})}>
      ${i(t.busy==="join"?m?"devices.joining":"moment":v)}
    </button>
  `,f=m?"devices.listen":"devices.goOnListen";return s==="asking"?t.devices.slow?r`${l?u("sound_only_tapped","devices.soundOnlyButton","secondary"):t.testing?c:h("secondary",f)} ${p}`:p:o===null?t.testing?J(t)?r`${h("primary")} ${u("back_tapped","devices.back","secondary")}`:p:h("primary"):t.testing?r`${u("retry_tapped","tryAgain","primary")} ${p}`:o==="no_microphone"?r`${h("primary")} ${u("retry_tapped","tryAgain","secondary")}`:a&&l?r`${u("sound_only_tapped","devices.soundOnlyButton","primary")} ${u("retry_tapped","tryAgain","secondary")}`:r`
    ${u("retry_tapped","tryAgain","primary")}
    ${l?u("sound_only_tapped","devices.soundOnlyButton","secondary"):h("secondary",f)}
  `}function wn(t){let e=[];for(let n of[...t].sort((i,s)=>Date.parse(i.from)-Date.parse(s.from))){let i=e.at(-1);i===void 0||Date.parse(n.from)-He(i)>6e4?e.push(n):e[e.length-1]={from:i.from,to:He(n)>He(i)?n.to:i.to}}return e}var He=({to:t})=>t===null?1/0:Date.parse(t);var fs=["well","trouble","failed"];function An(t,e,n){if(t.why==="helped")return fn(t,e);let{t:i}=e,s=t.why==="left";return r`
    <main class="column">
      <h1 tabindex="-1">${It(t,i)}</h1>
      <p>${i(s?"ended.leftLead":bt(t)?"ended.closedLead":"ended.lead")}</p>
      ${s?c:r`<p>${i("ended.questions")}</p>`}
      ${y(t,e)}
      ${t.ticket!==null&&t.admitted&&!s?$s(t,e,n):c}
      ${t.ticket===null?c:vs(t,e,n)}
      ${s?r`<div class="actions">
            ${k(t)?_(t,e,n):r`<button class="primary unhurried" type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"rejoin_tapped"})}>
                  ${i(t.busy==="join"?"devices.joining":"ended.rejoin")}
                </button>`}
          </div>`:c}
    </main>
  `}function $s({feedback:t},{t:e},n){return r`
    <section class="question" aria-labelledby="question">
      <h2 id="question">${e("feedback.question")}</h2>
      <div role="status">
        ${t==="sent"?r`<p class="good">${d.check()}<span>${e("feedback.thanks")}</span></p>`:c}
        ${t==="failed"?r`<p>${e("feedback.failed")}</p>`:c}
      </div>
      ${t==="sent"?c:r`<div class="answers">
            ${fs.map(i=>r`<button class="secondary" type="button" aria-disabled=${t==="sending"} @click=${()=>n({type:"feedback_tapped",answer:i})}>
                ${e(`feedback.answer.${i}`)}
              </button>`)}
          </div>`}
    </section>
  `}function vs(t,e,n){let{t:i}=e,{status:s,value:o}=t.receipt;return r`
    <details class="fold" @toggle=${l=>l.target.open&&n({type:"receipt_opened"})}>
      <summary>${i("receipt.summary")}</summary>
      <div class="fold-body" role="status">
        ${o!==null?bs(o,e):c}
        ${s==="loading"?r`<p>${i("moment")}</p>`:c}
        ${s==="failed"?r`<p>${i("receipt.failed")}</p>
              <button class="secondary" type="button" @click=${()=>n({type:"receipt_opened"})}>${i("tryAgain")}</button>`:c}
      </div>
    </details>
  `}function bs(t,e){let{t:n}=e,i=t.clinic.time_zone;return r`
    ${t.people.length===0?r`<p>${n("receipt.nobody")}</p>`:c}
    <ul class="people">
      ${t.people.map(s=>r`<li>
          <strong>${s.me?n("receipt.me",{name:s.name}):s.name}</strong>, ${n(`role.${s.role}`)}
          ${[...new Set(wn(s.times).map(o=>ys(o,i,e)))].map(o=>r`<br>${o}`)}
        </li>`)}
    </ul>
    ${t.recorded?c:r`<p>${n("receipt.notRecorded")}</p>`}
    <p>${n("receipt.path",{server:t.media_server})}</p>
  `}function ys({from:t,to:e},n,i){let[s,o]=[i.time(t,n),e===null?null:i.time(e,n)];return o===null?i.t("receipt.since",{from:s}):s===o?i.t("receipt.at",{at:s}):i.t("receipt.time",{from:s,to:o})}var On=(t,e,n)=>gs(t)?r`<div class="asks asks-call">${We(t,e,n,"call")}</div>`:c;function En(t,e,n){return r`
    <details class="fold">
      <summary>${e.t("wish.more")}</summary>
      <div class="fold-body">${We(t,e,n,"interpreter")} ${We(t,e,n,"companion")}</div>
    </details>
  `}var gs=t=>t.token!==null&&(t.snapshot??t.invitation)!==null&&g(t)==="patient"||Pt(t);function We(t,e,n,i){let{t:s}=e,o=t.token===null&&i==="call"&&t.called!==null||(t.snapshot?.wishes.includes(i)??!1);return r`
    <div role="status">
      ${o?r`<p class="good">${d.check()}<span>${ks(t,e,i)}</span></p>`:c}
      ${!o&&t.unasked===i?r`<p class="bad">${d.alert()}<span>${s("wish.lost",{phone:t.clinic?.phone??""})}</span></p>`:c}
    </div>
    ${o?c:r`<button class="secondary" type="button" aria-disabled=${t.asking!==null} @click=${()=>n({type:"wish_tapped",wish:i})}>
          ${i==="call"?d.phone():c}${s(t.asking===i?"moment":`wish.${i}`)}
        </button>`}
  `}function ks(t,{t:e},n){if(n!=="call")return e(`wish.${n}.made`);let i=t.snapshot?.check_in?.items.find(s=>s.kind==="callback")?.answer.phone??"";return i!==""?e("wish.calling",{phone:_s(i)}):(t.token===null?t.called:t.snapshot?.visit)?.callback_known?e("wish.callingKnown"):e("wish.noNumber",{phone:t.clinic?.phone??""})}function _s(t){return`\u2022\u2022\u2022 ${t.replace(/\D/g,"").slice(-4)}`}var Ss=[.92,.85,.75],xs=.7,Tn=8e3,Mn=3e3;async function Rn(t){let e=await Os(t).catch(()=>null),n=e!==null&&qe(e)>=ws(t)?null:await Es(t).catch(()=>null),i=[e,n].filter(s=>s!==null).sort((s,o)=>qe(o)-qe(s));try{if(i[0]===void 0)throw new Error("The camera gives no picture.");return await Pn(i[0])}finally{for(let s of i)s.close()}}async function In(t){let e=await createImageBitmap(t);try{return await Pn(e)}finally{e.close()}}var qe=({width:t,height:e})=>t*e;function ws(t){let{width:e,height:n}=t.getCapabilities?.()??{};return(e?.max??0)*(n?.max??0)}function As(t,e,n=1){let i=Math.min(1,Math.sqrt(16777216/(t*e)))*n;return{width:Math.max(1,Math.floor(t*i)),height:Math.max(1,Math.floor(e*i))}}async function Os(t){let{ImageCapture:e}=window;if(e===void 0)return null;let n=new e(t),{imageWidth:i}=await ze(n.getPhotoCapabilities(),Tn);return createImageBitmap(await ze(n.takePhoto(i?.max?{imageWidth:i.max}:{}),Tn))}async function Es(t){let e=t.getConstraints(),{width:n,height:i}=t.getCapabilities?.()??{},s=document.createElement("video");try{return n?.max&&i?.max&&await t.applyConstraints({...e,width:{ideal:n.max},height:{ideal:i.max}}).catch(()=>{}),s.muted=s.playsInline=!0,s.srcObject=new MediaStream([t]),await ze(s.play(),Mn),await Ts(s,t),await createImageBitmap(s)}finally{s.srcObject=null,await t.applyConstraints(e).catch(()=>{})}}async function Ts(t,e){let n=Math.max(e.getSettings().width??0,e.getSettings().height??0),i=performance.now()+Mn;for(;Math.max(t.videoWidth,t.videoHeight)<n&&performance.now()<i;)await new Promise(s=>setTimeout(s,50))}async function Pn(t){for(let e=1;e>.1;e*=xs){let n=Object.assign(document.createElement("canvas"),As(t.width,t.height,e));n.getContext("2d")?.drawImage(t,0,0,n.width,n.height);for(let i of Ss){let s=await new Promise(o=>n.toBlob(o,"image/jpeg",i));if(s!==null&&s.size<=8388608)return s}}throw new Error("The picture can not be made small enough.")}function ze(t,e){return Promise.race([t,new Promise((n,i)=>setTimeout(()=>i(new Error("late")),e))])}var Ms="/api/v1/visits/photos",Rs=12e4;async function Ln(t,e,n){let i=await Ps(Ms,e,{method:"POST",body:t,headers:{"Content-Type":"image/jpeg"}},n);if(!(i instanceof Response))return i;let s=await i.json().catch(()=>null);return i.ok?T(N.photoTaken,s)===null?{ok:s}:{error:{code:"garbled"}}:Is(s)}var Is=t=>({error:t?.error?.code?t.error:{code:"garbled"}});async function Ps(t,e,{headers:n={},...i},s){let o=new AbortController,a=setTimeout(()=>o.abort(),Rs);s?.addEventListener("abort",()=>o.abort());try{return await fetch(t,{...i,headers:{...n,Authorization:`Bearer ${e}`},signal:o.signal,cache:"no-store",credentials:"omit"})}catch{return{error:{code:"offline"}}}finally{clearTimeout(a)}}var O=null,pe=new AbortController;function Cn(t,e,n){switch(t.type){case"takePhoto":Nn(e===null?Promise.reject(new Error("no camera")):Rn(e),n);break;case"readPhoto":Nn(In(t.file),n);break;case"sendPhoto":Ls(t.token,n);break;case"dropPhoto":Dn();break;case"refocus":setTimeout(()=>t.ids.map(i=>document.getElementById(i)).find(i=>i!==null)?.focus());break}}function Dn(){pe.abort(),pe=new AbortController,O!==null&&URL.revokeObjectURL(O.url),O=null}async function Nn(t,e){Dn();let{signal:n}=pe,i=await t.catch(()=>null);if(!n.aborted){if(i===null)return e({type:"photo_missed"});O={image:i,url:URL.createObjectURL(i)},e({type:"photo_made",url:O.url})}}async function Ls(t,e){if(O===null)return;let{signal:n}=pe,i=await Ln(O.image,t,n);n.aborted||e({type:"photo_answered",answer:i,now:Date.now()})}var Ns=[523.25,659.26,783.99,1046.5],Cs=.8,Ds=(t,e)=>e<0?0:Math.min(1,e/.01)*Math.exp(-3.5*e)*(Math.sin(2*Math.PI*t*e)+.3*Math.sin(4*Math.PI*t*e));function js(){let t=Float32Array.from({length:40800},(n,i)=>Ns.reduce((s,o,a)=>s+Ds(o,i/24e3-a*.25),0)),e=t.reduce((n,i)=>Math.max(n,Math.abs(i)),0);return t.map(n=>Cs*n/e)}function jn(){let t=js(),e=new DataView(new ArrayBuffer(44+t.length*2)),n=(i,s)=>[...s].forEach((o,a)=>e.setUint8(i+a,o.charCodeAt(0)));return n(0,"RIFF"),e.setUint32(4,e.byteLength-8,!0),n(8,"WAVEfmt "),e.setUint32(16,16,!0),e.setUint16(20,1,!0),e.setUint16(22,1,!0),e.setUint32(24,24e3,!0),e.setUint32(28,24e3*2,!0),e.setUint16(32,2,!0),e.setUint16(34,16,!0),n(36,"data"),e.setUint32(40,t.length*2,!0),t.forEach((i,s)=>e.setInt16(44+s*2,Math.round(i*32767),!0)),new Blob([e],{type:"audio/wav"})}var Ge=null;function Bn(t,e,n){if(t.type==="keepHeard")return Lt(e.id);Ge??=Bs(e),Ge.currentTime=0,Ge.play().catch(i=>{i?.name!=="AbortError"&&n({type:"sound_refused"})})}function Bs(t){let e=new Audio(URL.createObjectURL(jn()));return t.add(e),e}function Un(t,e,n,i){let{t:s}=e,{echo:o,self:a}=t.sound,l=o==="calling"||o==="speaking";return r`
    <main class="column">
      <h1 tabindex="-1">${s("echo.title")}</h1>
      <div role="status">${l?r`<p>${s(`echo.${o}`)}</p>`:F(s(`echo.${o}`))}</div>
      ${l?r`<div class="levels">${i.levelBar.label(s("devices.level"))}</div>`:c}
      <p>${s("echo.private")}</p>
      <div role="status">${a==="silent"?Us(e):c}</div>
      ${a==="silent"?r`<div class="choices">${Ve(t,e,n)}</div>`:c}
      ${y(t,e)}
      <div class="actions">${Fs(t,e,n,l)}</div>
    </main>
  `}var Us=({t})=>r`
  <div class="trouble">
    ${d.alert()}
    <div>
      <h2>${t("echo.silent")}</h2>
      <ol>${t("echo.fix").split(`
`).map(e=>r`<li>${e}</li>`)}</ol>
      <p>${t("sound.onwards")}</p>
    </div>
  </div>
`;function Fs(t,e,n,i){let{t:s}=e;if(k(t))return _(t,e,n);let o=(a,l,u)=>r`<button class=${a} type="button" @click=${()=>n({type:l})}>${s(u)}</button>`;return i?t.sound.refused?r`${o("primary","echo_tapped","visit.tapSound")} ${V(t,e,n)}`:r`
    <button class="primary" type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"sound_heard_tapped"})}>${s("sound.yes")}</button>
    ${t.sound.self==="silent"?c:o("secondary","sound_unheard_tapped","sound.no")}
    ${V(t,e,n)}
  `:r`${V(t,e,n,"primary")} ${o("secondary","echo_tapped","tryAgain")}`}function Fn(t,e,n,i){if(t.sound.echo!==null)return Un(t,e,n,i);let{t:s}=e,{said:o,refused:a}=t.sound;return r`
    <main class="column">
      <h1 tabindex="-1">${s("sound.title")}</h1>
      <p>${s(a?"sound.tap":"sound.lead")}</p>
      <div role="status">${o==="silent"?Hs(t,e):c}</div>
      ${o==="silent"?r`<div class="choices">${Ve(t,e,n)}</div>`:c}
      ${y(t,e)}
      <div class="actions">${Ws(t,e,n)}</div>
    </main>
  `}function Hs({device:{system:t}},{t:e}){let n=t==="ios"||t==="android"?t:"computer";return r`
    <div class="trouble">
      ${d.alert()}
      <div>
        <h2>${e("sound.silent")}</h2>
        <ol>${e(`sound.fix.${n}`).split(`
`).map(i=>r`<li>${i}</li>`)}</ol>
        <p>${e("sound.onwards")}</p>
      </div>
    </div>
  `}function Ve({devices:t},e,n){return r`
    ${ue(t.speakers,t.speakerId,e,i=>n({type:"speaker_chosen",speakerId:i}))}
    <div role="alert">${t.refused==="speaker"?r`<p>${e.t("tools.refused.speaker")}</p>`:c}</div>
  `}function Ws(t,e,n){let{t:i}=e;if(k(t))return _(t,e,n);let{said:s,refused:o}=t.sound,a=t.busy==="join",l=(p,m,h)=>r`<button class=${p} type="button" @click=${()=>n({type:m})}>${i(h)}</button>`,u=p=>r`<button class=${p} type="button" aria-disabled=${a} @click=${()=>n({type:"sound_heard_tapped"})}>${i(a?"devices.joining":"sound.yes")}</button>`;return s==="silent"?r`${l("primary","play_tapped","tryAgain")} ${u("secondary")} ${V(t,e,n)}`:o?r`${l("primary","play_tapped","sound.play")} ${l("secondary","sound_unheard_tapped","sound.no")}`:r`${u("primary")} ${l("secondary","sound_unheard_tapped","sound.no")} ${l("secondary","play_tapped","sound.play")}
    ${t.devices.microphone?l("secondary","echo_tapped","echo.title"):c}`}function V(t,{t:e},n,i="secondary"){let s=t.testing?"devices.back":j(t)?"devices.join":"goOn";return r`<button class=${i} type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"continue_tapped"})}>${e(s)}</button>`}var de=(t,e,n,{t:i},s)=>r`
  <button type="button" class="control control-${t}" aria-pressed=${e} @click=${()=>s({type:`${t}_tapped`})}>
    ${n}<span>${i(`visit.${t}`)}</span>
  </button>
`,Hn=(t,e,n,i,s)=>r`
  <button type="button" class="control" id="opens-${t}" aria-expanded=${e===t} @click=${()=>s({type:"panel_tapped",panel:t})}>
    ${n}<span>${i}</span>
  </button>
`,he=(t,e,n,{t:i},s)=>r`
  <section class="panel" id="panel-${t}" aria-labelledby="title-${t}">
    <div class="panel-head">
      <h2 id="title-${t}" tabindex="-1">${e}</h2>
      <button type="button" class="panel-close" aria-label=${i("visit.close")} @click=${()=>s({type:"panel_closed"})}>${d.close()}</button>
    </div>
    ${n}
  </section>
`,E=(t,e,n,{pressed:i,look:s=""}={})=>r`
  <button type="button" class="tool ${s}" aria-pressed=${i??c} @click=${n}>
    ${t}<span>${e}</span>${i===!0?d.check():c}
  </button>
`;var Wn={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},qn=t=>(...e)=>({_$litDirective$:t,values:e}),me=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,n,i){this._$Ct=e,this._$AM=n,this._$Ci=i}_$AS(e,n){return this.update(e,n)}update(e,n){return this.render(...n)}};var{I:qs}=it,zn=t=>t;var Gn=()=>document.createComment(""),L=(t,e,n)=>{let i=t._$AA.parentNode,s=e===void 0?t._$AB:e._$AA;if(n===void 0){let o=i.insertBefore(Gn(),s),a=i.insertBefore(Gn(),s);n=new qs(o,a,t,t.options)}else{let o=n._$AB.nextSibling,a=n._$AM,l=a!==t;if(l){let u;n._$AQ?.(t),n._$AM=t,n._$AP!==void 0&&(u=t._$AU)!==a._$AU&&n._$AP(u)}if(o!==s||l){let u=n._$AA;for(;u!==o;){let p=zn(u).nextSibling;zn(i).insertBefore(u,s),u=p}}}return n},x=(t,e,n=t)=>(t._$AI(e,n),t),zs={},Vn=(t,e=zs)=>t._$AH=e,Kn=t=>t._$AH,fe=t=>{t._$AR(),t._$AA.remove()};var Yn=(t,e,n)=>{let i=new Map;for(let s=e;s<=n;s++)i.set(t[s],s);return i},Jn=qn(class extends me{constructor(t){if(super(t),t.type!==Wn.CHILD)throw Error("repeat() can only be used in text expressions")}dt(t,e,n){let i;n===void 0?n=e:e!==void 0&&(i=e);let s=[],o=[],a=0;for(let l of t)s[a]=i?i(l,a):a,o[a]=n(l,a),a++;return{values:o,keys:s}}render(t,e,n){return this.dt(t,e,n).values}update(t,[e,n,i]){let s=Kn(t),{values:o,keys:a}=this.dt(e,n,i);if(!Array.isArray(s))return this.ut=a,o;let l=this.ut??=[],u=[],p,m,h=0,f=s.length-1,$=0,v=o.length-1;for(;h<=f&&$<=v;)if(s[h]===null)h++;else if(s[f]===null)f--;else if(l[h]===a[$])u[$]=x(s[h],o[$]),h++,$++;else if(l[f]===a[v])u[v]=x(s[f],o[v]),f--,v--;else if(l[h]===a[v])u[v]=x(s[h],o[v]),L(t,u[v+1],s[h]),h++,v--;else if(l[f]===a[$])u[$]=x(s[f],o[$]),L(t,s[h],s[f]),f--,$++;else if(p===void 0&&(p=Yn(a,$,v),m=Yn(l,h,f)),p.has(l[h]))if(p.has(l[f])){let b=m.get(a[$]),ve=b!==void 0?s[b]:null;if(ve===null){let Ze=L(t,s[h]);x(Ze,o[$]),u[$]=Ze}else u[$]=x(ve,o[$]),L(t,s[h],ve),s[b]=null;$++}else fe(s[f]),f--;else fe(s[h]),h++;for(;$<=v;){let b=L(t,u[v+1]);x(b,o[$]),u[$++]=b}for(;h<=f;){let b=s[h++];b!==null&&fe(b)}return this.ut=a,Vn(t,u),nt}});var Gs={speaking:"sound",muted:"microphoneOff",held:"quiet",lost:"alert",cameraOff:"cameraOff",paused:"cameraOff",noPicture:"alert"},Vs={good:"lineGood",fair:"lineFair",poor:"linePoor"},Ks=["speaking","muted"];function Xn(t,e,n){let i=t.some(({screen:o})=>o),s=t.length===1;return r`<div class="tiles ${i?`tiles-shared tiles-beside-${Math.min(t.length-1,5)}`:`tiles-${t.length}`}">${Jn(t,({key:o})=>o,o=>Ys(o,s,e,n))}</div>`}function Ys({key:t,name:e,screen:n,main:i,blank:s,marks:o,quality:a},l,u,p){let m=l?o.filter(f=>Ks.includes(f)):o,h=[n&&"tile-screen",i&&"tile-main",o.includes("speaking")&&"tile-speaking"].filter(Boolean).join(" ");return r`
    <div class="tile ${h}">
      ${u.video(t,e,s)}
      ${s&&!l?r`<span class="tile-face">${d.person()}</span>`:c}
      <div class="plate">
        <p class="plate-name"><span>${e}</span>${a===null?c:Ke(a,p)}</p>
        ${m.map(f=>r`<p class="mark mark-${f}" title=${p(`mark.${f}`)}>${d[Gs[f]]()}<span>${p(`mark.${f}`)}</span></p>`)}
      </div>
    </div>
  `}var Ke=(t,e)=>r`<span class="sign sign-${t}" title=${e(`line.${t}`)}>${d[Vs[t]]()}<span>${e(`line.${t}`)}</span></span>`;function Qn(t,e,n,i,s){let o=new Set((e?.remote??[]).filter(({source:u})=>u==="screen").map(({participant:u})=>u)),a=t.filter(({id:u,phase:p,screen:m})=>p==="in_visit"&&m!==!1&&o.has(u)),l=a.at(-1)?.id??null;return[...t.map(u=>Js(u,n,l===null&&u.id===i)),...a.map(({id:u,name:p})=>({key:Ee(u,!0),name:s(p),screen:!0,main:u===l,blank:!1,marks:[],quality:null}))]}function Js(t,e,n){let{id:i,name:s,phase:o,camera:a,paused:l,quality:u}=t;return{key:i,name:s,screen:!1,main:n,blank:o!=="in_visit"||a===!1||l===!0,marks:Xs(t,e),quality:o==="in_visit"&&t.connected?u:null}}function Xs({id:t,phase:e,connected:n,microphone:i,camera:s,paused:o},{pictures:a,stalled:l,speaking:u}){if(e!=="in_visit")return["held"];if(!n)return["lost"];let p=[];return i===!1?p.push("muted"):u.includes(t)&&p.push("speaking"),s===!1?p.push("cameraOff"):o===!0?p.push("paused"):(!a.includes(t)||l.includes(t))&&p.push("noPicture"),p}var Zn=()=>pt(tt`<g fill="currentColor"><circle cx="5" cy="12" r="2" /><circle cx="12" cy="12" r="2" /><circle cx="19" cy="12" r="2" /></g>`),Qs=()=>M("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"),Zs=()=>M("M4 5h16v14H4zM12.500 12.500H18V17h-5.500z"),eo=()=>M("M12 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM6.500 20a5.500 5.500 0 0 1 11 0M3 5v.1M3 10v.1M3 15v.1M21 5v.1M21 10v.1M21 15v.1"),Ye=t=>t.camera&&t.cameras.length>1;function ei({devices:t,tools:e,scene:n},i,s,o,a=c){let{t:l}=s,{refused:u,blur:p}=t,m=(f,$={})=>()=>o({type:f,...$}),h=f=>$=>o({type:"device_chosen",[f]:$});return he("more",l("visit.more"),r`
    <div class="tools">
      ${Ye(t)?E(d.flip(),l("visit.flip"),m("flip_tapped"),{look:"more-flip"}):c}
      ${oe()?E(d.screen(),l("visit.share"),m("share_tapped"),{look:"more-share",pressed:n.sharing==="on"}):c}
      ${a}
      ${Bt()?E(Qs(),l("tools.full"),m("full_tapped"),{pressed:e.full}):c}
      ${Ut()&&(i!==null||e.small)?E(Zs(),l("tools.small"),m("small_tapped",{key:i}),{pressed:e.small}):c}
      ${p===null?c:E(eo(),l("tools.blur"),m("blur_tapped"),{pressed:p})}
      ${E(d.large(),l("tools.large"),m("large_tapped"),{pressed:e.large})}
    </div>
    <div class="tool-choices">
      ${t.cameraId===""?c:A("camera",t.cameras,t.cameraId,s,h("cameraId"))}
      ${t.microphoneId===""?c:A("microphone",t.microphones,t.microphoneId,s,h("microphoneId"))}
      ${ue(t.speakers,t.speakerId,s,f=>o({type:"speaker_chosen",speakerId:f}))}
    </div>
    <div role="status">${u===null?c:r`<p class="tool-note">${d.alert()}<span>${l(`tools.refused.${u}`)}</span></p>`}</div>
  `,s,o)}var to=()=>M("M4 5h16v11H10l-4 4v-4H4z");function ii(t,e,n,i){if(e.talk===null)return c;let s=dt(t,e);return r`
    <button type="button" class="control control-chat" id="opens-chat" aria-expanded=${t.tools.panel==="chat"} aria-describedby=${s>0?"chat-unread":c}
      @click=${()=>i({type:"panel_tapped",panel:"chat"})}>
      ${to()}<span>${n.t("visit.chat")}</span>${s>0?r`<span class="badge" aria-hidden="true">${s}</span>`:c}
    </button>
    ${s>0?r`<span id="chat-unread" hidden>${n.count("chat.unread",s)}</span>`:c}
  `}function si(t,{talk:e},{t:n},i){let s=e===null?null:ht(t),o=e?.captions??null;return r`
    <p class="hidden" role="status">${s===null?c:n("chat.new",{name:s.name,text:s.text})}</p>
    <p class="hidden" role="status">${o===null||t.talk.hidden?c:o.lines.at(-1)}</p>
    ${s===null||t.tools.panel==="chat"?c:r`<p class="chat-note"><strong>${s.name}</strong> ${s.text}</p>`}
    ${o===null?c:r`<section class="captions" aria-label=${n("captions.title")}>
          <div>
            <p class="captions-name">${n("captions.by",{name:o.name})}</p>
            ${t.talk.hidden?c:o.lines.map(a=>r`<p>${a}</p>`)}
          </div>
          <button type="button" class="captions-hide" @click=${()=>i({type:"captions_hidden"})}>${n(t.talk.hidden?"captions.show":"captions.hide")}</button>
        </section>`}
  `}function oi(t,e,n,i,s,o){let{t:a}=s;if(e.talk===null||t.tools.panel!=="chat")return c;let{draft:l,caption:u,captioning:p,pending:m,failing:h}=t.talk,f=e.talk.chat;return he("chat",a("visit.chat"),r`
    <div class="chat-log" role="region" tabindex="0" aria-label=${a("chat.lines")}>
      ${f.length+m.length===0?r`<p class="chat-empty">${a("chat.empty")}</p>`:r`<ol>
            ${f.map($=>ti($.sender===e.me?a("visit.you"):$.name,s.time($.at,n),$.text,$.sender===e.me))}
            ${m.map($=>$.failed?io($,s,o):ti(a("visit.you"),a("chat.sending"),$.text,!0))}
          </ol>`}
    </div>
    <div role="alert">${h===null?c:r`<p class=${h==="offline"?"hidden":"tool-note"}>${d.alert()}<span>${a(`chat.failing.${no.has(h)?h:"other"}`)}</span></p>`}</div>
    ${ni("chat",a("chat.field"),l,500,a("chat.send"),o)}
    ${i?r`<button type="button" class="tool captions-switch" aria-pressed=${p} @click=${()=>o({type:"captions_tapped"})}>
          <span>${a("captions.type")}</span>${p?d.check():c}
        </button>`:c}
    ${i&&p?ni("caption",a("captions.field"),u,200,a("captions.send"),o):c}
  `,s,o)}var no=new Set(["offline","too_many","too_many_requests","captions_taken"]),ti=(t,e,n,i)=>r`
  <li class="bubble ${i?"bubble-mine":""}">
    <p class="bubble-head"><strong>${t}</strong> <span>${e}</span></p>
    <p class="bubble-text">${n}</p>
  </li>
`,io=({key:t,text:e},{t:n},i)=>r`
  <li class="bubble bubble-mine">
    <p class="bubble-head"><strong>${n("visit.you")}</strong> <span class="bubble-unsent">${d.alert()}${n("chat.notSent")}</span></p>
    <p class="bubble-text">${e}</p>
    <button type="button" class="secondary" @click=${()=>i({type:"chat_again",key:t})}>${n("tryAgain")}</button>
  </li>
`;function ni(t,e,n,i,s,o){let a=()=>o({type:`${t}_sent`,key:Date.now().toString(36)});return r`
    <form class="chat-form" novalidate @submit=${l=>(l.preventDefault(),a())}>
      <label for="${t}-text">${e}</label>
      <textarea id="${t}-text" rows="1" maxlength=${i} enterkeyhint="send" .value=${n}
        @input=${l=>o({type:`${t}_typed`,text:l.target.value})}
        @keydown=${l=>{l.key!=="Enter"||l.shiftKey||l.isComposing||(l.preventDefault(),a())}}></textarea>
      <button class="primary" type="submit">${s}</button>
    </form>
  `}function ri(t,e,n){let{t:i}=e,s=t.snapshot?.messages??[],o=t.clinic?.time_zone??"UTC",a=s.find(l=>l.id===t.news);return r`
    <p class="hidden" role="status">${a?i("messages.new",{name:a.name||i("careTeam"),text:ai(a,e)}):c}</p>
    ${s.length>0?r`<section class="messages">
          <h2>${i("messages.title")}</h2>
          <ol>${s.map(l=>so(l,e,o))}</ol>
        </section>`:c}
    <details class="fold" ?open=${s.length>0}>
      <summary>${i("messages.write")}</summary>
      <form class="fold-body" novalidate @submit=${l=>(l.preventDefault(),n({type:"send_tapped"}))}>
        ${le(t,e,n,{name:"message",label:i("messages.field"),value:t.draft.message??""})}
        <button class="secondary" type="submit" aria-disabled=${t.sending}>${i(t.sending?"messages.sending":"messages.send")}</button>
      </form>
    </details>
  `}function so(t,e,n){let{t:i}=e,s=t.read?"messages.read":t.delivered?"messages.delivered":"messages.sent";return r`
    <li class="message ${t.mine?"message-mine":""}">
      <p class="message-head"><strong>${t.mine?i("messages.you"):t.name||K(i("careTeam"))}</strong> <span>${e.time(t.at,n)}</span></p>
      <p class="message-text">${ai(t,e)}</p>
      ${t.mine?r`<p class="message-mark">${i(s)}</p>`:c}
    </li>
  `}function ai({text:t,canned:e},{t:n,has:i}){if(e==="")return t;let s=`messages.canned.${e}`;return n(i(s)?s:"messages.canned.other")}var K=t=>t.charAt(0).toLocaleUpperCase()+t.slice(1);var ci=(t,e,{t:n},i)=>ft(e)?r`<button type="button" class=${t} id="opens-photo" aria-expanded=${e.photo.open} @click=${()=>i({type:"photo_tapped"})}>${d.photo()}<span>${n("photo.open")}</span></button>`:c;function li(t,{t:e},n){let i=mt(t);return i===null?$t(t)?r`<p class="photo-note">${d.check()}<span>${e("photo.sent")}</span></p>`:c:r`
    <div class="photo-note">
      ${d.photo()}
      <p>${e("photo.wanted",{name:i.name})}</p>
      <button class="primary" type="button" @click=${()=>n({type:"photo_tapped"})}>${e("photo.start")}</button>
      <button class="secondary" type="button" @click=${()=>n({type:"photo_later_tapped"})}>${e("photo.later")}</button>
    </div>
  `}function ui(t,e,n,i){let{t:s}=e,{step:o,failing:a}=t.photo,l=o==="made"||o==="sending",u=()=>n({type:"photo_closed"});return r`<section class="photo-panel" aria-labelledby="title-photo" @keydown=${({key:p})=>p==="Escape"&&u()}>
    <div class="photo-head">
      <h2 id="title-photo" tabindex="-1">${s("photo.open")}</h2>
      <button type="button" class="photo-close" aria-label=${s("photo.cancel")} @click=${u}>${d.close()}</button>
    </div>
    <p>${s(l?"photo.check":Je(t)?"photo.aim":"photo.noCamera")}</p>
    ${l?r`<img class="photo-made" src=${t.photo.url} alt=${s("photo.yours")} />`:oo(t,e,i)}
    <div>
      <div role="alert">${a===null?c:r`<p class="photo-failing">${d.alert()}<span>${s(`photo.failing.${a}`)}</span></p>`}</div>
      <div role="status">${o==="making"?r`<p>${s("photo.making")}</p>`:o==="sending"?r`<p>${s("photo.sending")}</p>`:c}</div>
    </div>
    <div class="photo-acts">${l?ao(t,e,n):ro(t,e,n)}</div>
    ${l?r`<p class="photo-promise">${s("photo.promise")}</p>`:c}
  </section>`}var Je=({devices:t,cameraOff:e})=>t.camera&&!e,oo=(t,{t:e},n)=>Je(t)?r`<video class="photo-finder" .srcObject=${n.capture.stream} .muted=${!0} autoplay playsinline aria-label=${e("photo.finder")}></video>`:c;function ro(t,{t:e},n){let i=t.photo.step==="making",s=Je(t),o=({target:a})=>{let l=a.files?.[0];a.value="",l!==void 0&&n({type:"photo_chosen",file:l})};return r`
    ${s?r`<button class="primary" type="button" aria-disabled=${i} @click=${()=>n({type:"photo_take_tapped"})}>${e("photo.take")}</button>`:c}
    ${s&&t.devices.cameras.length>1?r`<button class="secondary" type="button" @click=${()=>n({type:"flip_tapped"})}>${d.flip()}<span>${e("visit.flip")}</span></button>`:c}
    <label class="secondary photo-file"><input type="file" accept="image/*" aria-disabled=${i} @change=${o} /><span>${e("photo.choose")}</span></label>
  `}function ao({photo:t},{t:e},n){let i=t.step==="sending";return r`
    <button class="primary" type="button" aria-disabled=${i} @click=${()=>n({type:"photo_send_tapped"})}>${e("photo.send")}</button>
    <button class="secondary" type="button" @click=${()=>n({type:"photo_again_tapped"})}>${e(i?"photo.stop":"photo.again")}</button>
  `}var co=60;function pi(t,e,n,i){let{t:s}=e,o=t.link==="connected";return r`
    <main class="column">
      <h1 tabindex="-1">${s("waiting.title")}</h1>
      <div role="status">
        ${o?lo(t,e):F(s("banner.drop"))}
        ${o&&t.deviceLost?Xe(t,e,n):c}
      </div>
      <p class="checked">${ho(t,e)}</p>
      ${g(t)==="patient"?uo(t,e):c}
      <p>${s("waiting.keep")}</p>
      ${y(t,e)}
      ${g(t)==="patient"?En(t,e,n):c}
      ${ri(t,e,n)}
      <div class="waiting-pair">
        ${mo(t,e,n,i)}
        <section class="tips">
          <h2>${s("waiting.tips")}</h2>
          <ul>
            <li>${d.quiet()}<span>${s("waiting.tip1")}</span></li>
            <li>${d.light()}<span>${s("waiting.tip2")}</span></li>
            ${g(t)==="patient"?r`<li>${d.list()}<span>${s("waiting.tip3")}</span></li>`:c}
          </ul>
        </section>
      </div>
      <div class="actions">
        <button class="secondary" type="button" @click=${()=>n({type:"leave_tapped"})}>${s("waiting.leave")}</button>
      </div>
    </main>
  `}function lo(t,e){let{t:n}=e,i=K(yt(t)||n("careTeam")),{visit:s,next:o,staff_present:a,wishes:l=[]}=t.snapshot??{},u=s?.late_minutes??null,p=g(t)==="patient"&&!l.includes("call")?` ${n("waiting.lateWays")}`:"";return r`
    ${t.returned?r`<p>${n("waiting.returned")}</p>`:c}
    <p class="good knows">${d.full()}<span>${n(a?"waiting.knows":"waiting.listed")}</span></p>
    ${o?r`<p>${n("waiting.next",{name:o.name})}</p>`:c}
    ${u===null||u<=0?c:F(e.count("waiting.late",u,{clinician:i})+p)}
  `}function uo({wait:t},e){if(t===null)return r`<p class="line">${e.t("waiting.inLine")}</p>`;let n=t.ahead===null?"":t.ahead===0?e.t("waiting.nobodyAhead"):e.count("waiting.ahead",t.ahead);return r`<p class="line">${e.t("waiting.inLine")} ${po(t,e)} ${n}</p>`}function po({low:t,high:e},n){return t>=co?n.t("waiting.long"):t<=0?n.count("waiting.less",Math.max(1,e)):t>=e?n.count("waiting.about",e):n.t("waiting.range",{low:t,high:e})}function ho(t,e){if(t.checkedAt===null)return c;let n=Math.max(0,Math.floor((t.now-t.checkedAt)/1e3)),i=n<2?e.t("waiting.checkedNow"):e.count("waiting.checked",n);return t.link==="connected"?`${e.t("waiting.connected")} ${i}`:i}function mo(t,{t:e},n,i){let{camera:s,microphone:o,picture:a,status:l}=t.devices,u=s&&!t.cameraOff,p=l==="ready"||l==="failed",m=(h,f)=>r`<p class="quiet">${h}<span>${e(f)}</span></p>`;return!u&&!p?c:r`
    <div class="waiting-self">
      ${u?r`<div class="preview preview-small">${i.stage.own}</div>`:m(d.cameraOff(),"waiting.soundOnly")}
      ${p&&!o?m(d.microphoneOff(),"waiting.silent"):c}
      ${o&&t.muted?m(d.microphoneOff(),"waiting.muted"):c}
      ${p&&!t.deviceLost&&(!o||a&&!s)?r`<button class="secondary" type="button" @click=${()=>n({type:"device_fix_tapped"})}>${e("tryAgain")}</button>`:c}
    </div>
  `}function Xe(t,e,n){let{t:i}=e,s=t.devices.problem===null,o=r`
    <div class="ways">
      <button class="primary" type="button" @click=${()=>n({type:"device_fix_tapped"})}>${i(s?"banner.cameraFix":"tryAgain")}</button>
      ${t.devices.picture?r`<button class="secondary" type="button" @click=${()=>n({type:"sound_only_tapped"})}>${i("devices.soundOnlyButton")}</button>`:c}
    </div>
  `;return s?r`<div class="trouble">${d.alert()}<div><p>${i("banner.cameraStopped")}</p>${o}</div></div>`:Fe(t,e,o)}function di(t,e,n,i){let{t:s}=e,o=R(t),a=Rt(t,s),l=t.muted||!t.devices.microphone,u=p=>{p.type==="photo_tapped"&&t.tools.panel!==null&&n({type:"panel_closed"}),p.type==="panel_tapped"&&t.photo.open&&n({type:"photo_closed"}),n(p)};return r`
    <main class="call">
      <h1 class="hidden" tabindex="-1">${s("visit.title",{name:a})}</h1>
      <div class="call-bar">
        <div role="status" class="banner">${bo(t,e,n)}</div>
        ${vo(t,e)}
        <div role="status" class="mate">${o?.microphone===!1?r`<p>${d.microphoneOff()}<span>${s("visit.otherMuted",{name:a})}</span></p>`:c}</div>
        <p class="timer" role="timer" aria-label=${s("visit.timer")}>${et(t.now-(t.startedAt??t.now))}</p>
      </div>
      <div class="call-body">
        <div class="stage">
          ${fo(t,e,i)}
          <div role="status" class="stage-status">${go(t,e)}</div>
          ${t.soundBlocked?r`<button class="primary sound-button" type="button" @click=${()=>n({type:"sound_tapped"})}>${d.sound()}${s("visit.tapSound")}</button>`:c}
          ${ko(t,e,n,i)}
        </div>
        ${t.photo.open?ui(t,e,n,i):t.tools.panel==="more"?ei(t,$o(t),e,n,ci("tool",t,e,u)):c}
        ${oi(t,Y(t),t.clinic?.time_zone??"UTC",g(t)!=="patient",e,n)}
      </div>
      <div role="status">${li(t,e,u)}</div>
      ${si(t,Y(t),e,n)}
      <div class="controls" role="group" aria-label=${s("visit.controls")}>
        ${de("mute",l,l?d.microphoneOff():d.microphone(),e,n)}
        ${de("camera",t.devices.camera&&!t.cameraOff,t.cameraOff||!t.devices.camera?d.cameraOff():d.camera(),e,n)}
        ${Ye(t.devices)?r`<button type="button" class="control bar-flip" @click=${()=>n({type:"flip_tapped"})}>${d.flip()}<span>${s("visit.flip")}</span></button>`:c}
        ${oe()?de("share",t.scene.sharing==="on",d.screen(),e,n):c}
        ${ii(t,Y(t),e,u)}
        ${Hn("more",t.tools.panel,Zn(),s("visit.more"),u)}
        <div class="controls-out">
          <button type="button" class="control control-leave" @click=${()=>n({type:"leave_tapped"})}>${d.leave()}<span>${s("visit.leave")}</span></button>
        </div>
      </div>
    </main>
  `}function fo(t,{t:e},n){let i=C(t)?[]:t.snapshot?.others??[],s=Qn(i,t.snapshot?.media??null,t.scene,R(t)?.id??null,o=>e("visit.screenOf",{name:o}));return Xn(s,n.stage,e)}function $o(t){let e=C(t)?null:R(t);return e!==null&&t.scene.pictures.includes(e.id)?e.id:null}function vo({snapshot:t,media:e},{t:n}){let i=t?.media?.quality??null;return i===null||e!=="connected"?c:r`<p class="own-line">${Ke(i,n)}</p>`}function bo(t,e,n){let i=gt(t);return i===null?c:i==="device"?Xe(t,e,n):r`<p>${d.alert()}<span>${e.t(`banner.${i}`,{name:R(t)?.name??""})}</span></p>`}var yo={otherPaused:"visit.otherPaused",steppedOut:"visit.steppedOut",nobody:"visit.nobody",otherDrop:"banner.otherDrop",otherCameraOff:"visit.otherCameraOff",noPicture:"banner.noPicture",comingIn:"visit.comingIn",handedOver:"visit.handedOver",onHold:"visit.onHold",letIn:"visit.letIn",otherHeld:"visit.otherHeld"};function go(t,{t:e}){let n=kt(t);if(n===null||!C(t)&&(t.snapshot?.others.length??0)>1)return c;let i=C(t)?t.lastOther??K(e("careTeam")):R(t)?.name??t.lastOther??"",s=t.snapshot?.next?.name??"",o=n==="handedOver"&&(t.lastOther??s)===s?"visit.handedOverTo":yo[n];return r`<p class="stage-words">${e(o,{name:i,next:s,phone:t.clinic?.phone??""})}</p>`}function ko(t,{t:e},n,i){let s=t.devices.camera&&!t.cameraOff;return r`
    <div class="self self-${t.corner}">
      ${s?r`<div class="self-picture">${i.stage.own}</div>`:c}
      <div class="self-notes">
        ${s?c:r`<p>${d.cameraOff()}<span>${e("visit.cameraOff")}</span></p>`}
        ${s&&_t(t)?r`<p>${d.cameraOff()}<span>${e("visit.youPaused")}</span></p>`:c}
        ${t.muted?r`<p>${d.microphoneOff()}<span>${e("visit.youMuted")}</span></p>`:c}
        ${vt(t)?r`<p>${d.microphoneOff()}<span>${e("waiting.silent")}</span></p>`:c}
        ${t.scene.sharing==="on"?r`<p>${d.screen()}<span>${e("visit.youShare")}</span></p>`:c}
      </div>
      <button type="button" class="self-move" aria-label=${e("visit.moveSelf")} @click=${()=>n({type:"corner_tapped"})}>${d.corner()}</button>
    </div>
  `}var _o={confirm:bn,devices:Sn,sound:Fn,checkin:$n,waiting:pi,visit:di,ended:An,callMe:On,photo:Cn,hear:Bn};var So={none:"none",other:"none",bandwidth:"network",cpu:"cpu"},xo=3e3,wo=3e3,Ao=352*288,Oo=400;function hi(t,e){let n={at:e,lost:0,received:0,bytes:0,jitter_ms:null,rtt_ms:null,frames_per_s:null,available_kbps:null,allotted:null,pixels:0,limited:null};for(let i of t.values())i.type==="inbound-rtp"?Eo(n,i):i.type==="outbound-rtp"&&i.kind==="video"&&i.framesSent>0?To(n,i):i.type==="candidate-pair"&&i.nominated&&Mo(n,i);return n}function mi(t){let e=t.at(-1);if(e===void 0)return{loss:null,jitter_ms:null,kbps:null,rtt_ms:null,frames_per_s:null,available_kbps:null,limited:null};let{jitter_ms:n,rtt_ms:i,frames_per_s:s}=e,o=[...t].reverse().find(({at:b})=>e.at-b>=xo)??t[0]??e,a=b=>e.at>o.at?b*8/(e.at-o.at):null,l=a(e.bytes-o.bytes),u=e.allotted===null?null:a(e.allotted-(o.allotted??0)),p=e.pixels<=Ao&&(u??0)>=Oo,m=e.available_kbps??(p?null:u),h=e.limited??(p?"none":null),f=t.find(({at:b})=>b-(t[0]?.at??b)>=wo&&b<e.at)??{lost:0,received:0},$=Math.max(0,e.lost-f.lost),v=e.received-f.received+$;return{loss:v>0?$/v:null,jitter_ms:n,kbps:l,rtt_ms:i,frames_per_s:s,available_kbps:m,limited:h}}function Eo(t,e){t.lost+=Math.max(0,e.packetsLost??0),t.received+=e.packetsReceived??0,t.bytes+=e.bytesReceived??0,e.packetsReceived>0&&e.jitter!==void 0&&(t.jitter_ms=Math.max(t.jitter_ms??0,e.jitter*1e3)),e.kind==="video"&&e.framesPerSecond!==void 0&&(t.frames_per_s=e.framesPerSecond)}function To(t,e){t.limited=So[e.qualityLimitationReason]??null,t.pixels=Math.max(t.pixels,(e.frameWidth??0)*(e.frameHeight??0)),e.totalEncodedBytesTarget>0&&(t.allotted=(t.allotted??0)+e.totalEncodedBytesTarget)}function Mo(t,e){e.currentRoundTripTime!==void 0&&(t.rtt_ms=e.currentRoundTripTime*1e3),e.availableOutgoingBitrate!==void 0&&(t.available_kbps=e.availableOutgoingBitrate/1e3)}var Ro=8e3,Io=11e3,Po=500,Lo=new Set(["good","fair","poor","untested"]),$e=class{#e;#t;#n;#i=S(null).figures;#c=[];#h=Date.now();#a=null;#o=!1;#l=!1;#s=!1;#u=!1;#d;constructor(e,n,i){this.#e=i,this.#n=new P({sendAnswer:s=>this.#t.request("media.answer",s),sendRestart:s=>this.#t.request("media.restart",s),onStatus:s=>this.#m(s),onRemotes:s=>i.onRemotes?.(s),connect:s=>(this.#c=[],new RTCPeerConnection(s))}),this.#n.setTracks({...n,screen:null}),this.#t=new q("/test",e,N.testSnapshot,{onSnapshot:s=>{this.#o=!0,this.#n.sync(s.media)},onEnd:s=>this.#r(s),onStatus:()=>{}}),this.#d=setInterval(()=>{this.#$()},Po)}get stats(){return this.#i}stop(){this.#u=this.#s=!0,clearInterval(this.#d),this.#n.close(),this.#t.close()}#m(e){e==="connected"&&(this.#a??=Date.now()),this.#u||this.#e.onStatus?.(e)}#r(e){this.#u||(this.#p(this.#a===null&&this.#o?"blocked":"untested",null),this.stop(),this.#e.onOver?.(e))}async#$(){let e=await this.#n.report();if(this.#i=S(e,{figures:this.#i}).figures,this.#l||this.#s)return;let n=Date.now();e!==null&&this.#a!==null&&this.#c.push(hi(e,n)),(this.#a!==null&&n-this.#a>=Ro||n-this.#h>=Io)&&await this.#f()}async#f(){if(this.#a===null)return this.#p(this.#o?"blocked":"untested",null);this.#l=!0;let e=await this.#t.request("test.report",{...mi(this.#c)});"ok"in e&&T(N.testVerdict,e.ok)===null&&Lo.has(e.ok.verdict)?this.#p(e.ok.verdict,e.ok):this.#p("untested",null)}#p(e,n){this.#s||(this.#s=!0,this.#e.onResult(e,n))}};var No="echo-sound",Qe=class{#e;#t;#n;#i=null;#c=new Set;#h=!1;#a=null;#o=new Audio;constructor(e,n,i){this.#e=e,this.#t=n,this.#n=i}run(e){switch(e.type){case"testNetwork":return this.#l("network",e.token);case"callEcho":return this.#l("echo",e.token);case"playEcho":return this.#m();case"endNetworkTest":return this.#s("network");case"endEcho":return this.#s("echo")}}#l(e,n){this.#c.add(e),e==="echo"&&this.#t.add(this.#o),this.#i??=this.#u(n??""),this.#m()}#s(e){this.#c.delete(e),e==="echo"&&(this.#o.srcObject=null,this.#t.remove(this.#o)),!(this.#c.size>0)&&(this.#i?.stop(),this.#d())}#u(e){let{audio:n,camera:i}=this.#e();return new $e(e,{audio:n,camera:this.#c.has("network")?i:null},{onResult:s=>{this.#n({type:"network_tested",result:s}),s==="blocked"&&this.#n({type:"echo_over",code:s})},onStatus:s=>{this.#h=s==="connected",this.#m()},onRemotes:s=>{this.#a=s.find(({participant:o})=>o===No)?.stream??null,this.#m()},onOver:s=>{this.#d(),this.#n({type:"echo_over",code:s})}})}#d(){this.#i=this.#a=null,this.#h=!1}#m(){!this.#c.has("echo")||!this.#h||this.#a===null||(this.#o.srcObject!==this.#a&&(this.#o.srcObject=this.#a),this.#o.play().then(()=>this.#n({type:"echo_came"}),e=>e?.name==="NotAllowedError"&&this.#n({type:"sound_refused"})))}};export{q as PageSocket,_o as ROOMS,we as SelfHeal,Qe as TestCalls,Ae as ToolsEdge,Pe as VisitMedia,fi as followNetwork,zi as keepAwake};
/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */
/**
 * @license
 * Copyright 2020 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */
