import{$ as K,A as ut,B as b,C as de,D as V,E as g,F as z,G as pt,H as dt,I as ht,J as he,K as A,L as mt,M as ft,N as R,O as $t,P as vt,Q as G,R as L,S as I,T as yt,U as me,V as k,W as kt,X as P,Y as N,Z as _,_ as bt,a as r,aa as gt,b as Ve,ba as fe,c as ze,ca as $e,d as l,da as _t,e as Ge,ea as St,f as Ke,fa as xt,g as Ye,ga as At,h as pe,ha as Ot,i as Je,j as Xe,k as Qe,l as Ze,m as et,n as tt,o as nt,p as d,q as it,r as st,s as ot,t as rt,u as ct,v as at,w as W,x as M,y as lt,z as O}from"./patient-BUZU4KGL.js";import{f as We,g as ue,h as q}from"./patient-J4MNJXQS.js";function Jn(t){addEventListener("online",t);let e=Reflect.get(navigator,"connection"),n=e?.type;e?.addEventListener("change",()=>{e.type!==n&&(n=e.type,navigator.onLine&&t())})}var Et={track:null,muted:!1,counts:[],lively:!1,suspect:!1,since:0,verdict:"unknown"},Tt={now:1/0,visible:!0,running:!1,shakenAt:-1/0,interrupted:!1,audio:Et,camera:Et},Xn=5e3,Qn=1e3,Zn=1500,ei=4e3,ti={audio:2e4,camera:5e3};function wt(t,e){let{now:n,visible:i,running:s}=e,o=h=>t[h].verdict==="gives"&&!t[h].muted&&e[h].muted,c=i&&(!t.visible||n-t.now>=Xn),u=c||t.running&&!s||o("audio")||o("camera"),a=u?n:t.shakenAt,p={now:n,watched:i&&!c,settled:n-a>=Zn},m=h=>ni({...t[h],suspect:t[h].suspect||u||!i},e[h],p,ti[h]);return{now:n,visible:i,running:s,shakenAt:a,interrupted:u,audio:m("audio"),camera:m("camera")}}function ni(t,{track:e,wanted:n,ended:i,muted:s,counts:o},{now:c,watched:u,settled:a},p){let m={...t,track:e,muted:s,counts:o};if(!u||e===null||!n)return{...m,since:c,verdict:"unknown"};if(i)return{...m,verdict:"dead"};if(e!==t.track)return{...m,since:c,verdict:"unknown"};let h=o.some(($,v)=>$!==null&&$>(t.counts[v]??1/0));if(h&&!a)return{...m,since:c};if(h)return{...m,lively:!0,suspect:!1,since:c,verdict:"gives"};if(!t.lively||o.every($=>$===null))return{...m,since:c};let f=s&&t.muted?Qn:t.suspect?ei:p;return c-t.since>=f?{...m,verdict:"dead"}:m}function ve(t,{audio:e,camera:n}){let i=[...t?.values()??[]].filter(({type:o})=>o==="media-source"),s=o=>i.find(({trackIdentifier:c})=>c===o?.id);return{energy:s(e)?.totalAudioEnergy??null,frames:s(n)?.frames??null}}var ye=class{#e;#t=Tt;#n=new Ze;#i=!1;constructor(e){this.#e=e,document.addEventListener("visibilitychange",()=>this.look())}look(){let{capture:e,stage:n,sources:i,dispatch:s}=this.#e,o=this.#t,c=document.visibilityState==="visible",u=Qe(),{audio:a,camera:p}=e.tracks,{energy:m,frames:h}=i();this.#t=wt(o,{now:Date.now(),visible:c,running:u,audio:Mt(a,[m,this.#n.count(a)]),camera:Mt(p,[h,n.ownFrames()])}),c&&this.#i&&!u&&Xe(),this.#i||=u,this.#t.interrupted&&s({type:"interrupted"});for(let f of["audio","camera"]){let{verdict:$}=this.#t[f];$!==o[f].verdict&&($==="dead"?s({type:"track_dead",kind:f}):$==="gives"&&s({type:"track_alive",kind:f}))}}},Mt=(t,e)=>({track:t?.id??null,wanted:t?.enabled===!0,ended:t?.readyState==="ended",muted:t?.muted===!0,counts:e});var oo=()=>document.fullscreenEnabled===!0,ro=()=>document.pictureInPictureEnabled===!0,ke=class{#e;#t;#n;#i;constructor({capture:e,stage:n,dispatch:i,onCaptured:s}){this.#e=e,this.#t=n,this.#n=i,this.#i=s,Je(()=>{this.#h()}),document.addEventListener("fullscreenchange",()=>i({type:"full_changed",full:document.fullscreenElement!==null})),document.addEventListener("enterpictureinpicture",()=>i({type:"small_changed",small:!0})),document.addEventListener("leavepictureinpicture",()=>i({type:"small_changed",small:!1}))}run(e){this.#a(e)}#a(e){switch(e.type){case"listDevices":this.#h();break;case"changeDevice":this.#e.change(e.kind,e.deviceId).then(this.#i);break;case"speaker":this.#c(e.speakerId);break;case"blur":this.#o(e.on);break;case"fullScreen":(e.on?document.documentElement.requestFullscreen():document.exitFullscreen()).catch(()=>{});break;case"smallWindow":(e.key===null?document.exitPictureInPicture():this.#t.find(e.key)?.requestPictureInPicture())?.catch(()=>{});break}}async#h(){let{speaker:e}=this.#t,[n,i,s]=await Promise.all([pe("videoinput"),pe("audioinput"),e.list()]);this.#n({type:"devices_listed",cameras:n,microphones:i,speakers:s,speakerId:e.id})}async#c(e){let n=await this.#t.speaker.choose(e);this.#n({type:"speaker_set",speakerId:this.#t.speaker.id,taken:n})}async#o(e){let{camera:n}=this.#e.tracks;n!==null&&(await Ye(n,e),n===this.#e.tracks.camera&&this.#n({type:"blur_set",blur:Ke(n)}))}};var J={now:()=>Date.now(),start:(t,e)=>setTimeout(t,e),stop:t=>clearTimeout(t)},Y=class{#e=new Map;#t;constructor(e){this.#t=e}after(e,n,i){this.stop(e);let s=()=>(this.#e.delete(e),i());this.#e.set(e,this.#t.start(s,n))}has(e){return this.#e.has(e)}stop(e){this.#t.stop(this.#e.get(e)),this.#e.delete(e)}stopAll(){for(let e of[...this.#e.keys()])this.stop(e)}},E=(t,e)=>t[Math.min(Math.max(e,1),t.length)-1];var Rt=[8e3,16e3,3e4],ii=1500,si=4e3,oi=5e3,be=4e3,X=class{#e;#t;#n;#i=0;#a=0;#h=-be;#c="new";#o=!1;#l=!1;#s=null;#u=!1;#d=0;constructor(e,n,i){this.#e=e,this.#t=n,this.#n=i}get attempt(){return this.#i}opening(){this.#i+=1}opened(){this.#a=this.#t(),this.#r(E(Rt,this.#i))}dropped(){this.#v(),this.#c="new",this.#o=!1,this.#l=!1}ended(){this.#i=0}became(e){this.#c=e,e==="connected"?(this.#e.stop("watch"),this.#o=!0,this.#i=0,this.#l||this.#v()):e==="disconnected"?this.#r(ii):e==="failed"||e==="closed"?(this.#e.stop("watch"),this.#$("new")):this.#o&&this.#r(E(Rt,1))}nudge(){if(this.#c==="connected")return this.refresh();!this.#o&&this.#s===null&&this.#t()-this.#a<oi||this.#$(this.#m())}refresh(){this.#s!==null||this.#t()-this.#h<be||(this.#h=this.#t(),this.#p(!0))}force(){this.#l=!0,this.#$("new")}reached(){this.#u&&(this.#s===null?this.#p(!0):this.#f())}#m(){return this.#o&&this.#c!=="failed"&&this.#c!=="closed"?"keep":"new"}#r(e){this.#e.after("watch",e,()=>this.#$(this.#m()))}#$(e){this.#s!=="new"&&(this.#s=e),this.#f()}#f(){this.#e.after("restart",be,()=>this.#f());let e=this.#s==="keep";this.#p(e,()=>{e&&this.#e.after("restart",si,()=>this.#$("new"))})}#p(e,n){let i=++this.#d;this.#u=!1,this.#n(e).then(s=>{i===this.#d&&(this.#u="error"in s&&(s.error.code==="offline"||s.error.code==="timeout"),this.#u||n?.())})}#v(){this.#e.stop("restart"),this.#d+=1,this.#s=null,this.#u=!1}};var ge=(t,e=!1)=>e?`${t}/screen`:t,Q=class{#e=new Map;#t;constructor(e){this.#t=e}collect(e,n){let i=new Map;for(let{mid:s,receiver:o}of n){let c=e.remote.find($=>$.mid===s);if(c===void 0)continue;let{participant:u,name:a}=c,p=c.source==="screen",m=ge(u,p),h=this.#e.get(m)??this.#t();this.#e.set(m,h);let f=i.get(m)??{remote:{key:m,participant:u,name:a,screen:p,stream:h,audio:!1,picture:!1,sound:null},tracks:new Set};i.set(m,f),f.tracks.add(o.track),o.track.kind==="audio"?Object.assign(f.remote,{audio:!0,sound:o}):f.remote.picture=!0}for(let[s,o]of this.#e)this.#n(s,o,i.get(s)?.tracks??new Set);return[...i.values()].map(({remote:s})=>s)}clear(){this.#e.clear()}#n(e,n,i){for(let s of n.getTracks())i.has(s)||n.removeTrack(s);for(let s of i)n.getTracks().includes(s)||n.addTrack(s);i.size===0&&this.#e.delete(e)}};async function _e(t,e){let n=t.getParameters(),i=n.encodings?.[0];return i===void 0?!1:Object.entries(e).every(([s,o])=>i[s]===o)?!0:(Object.assign(i,e),t.setParameters(n).then(()=>!0,()=>!1))}var Lt=t=>_e(t,{priority:"high",networkPriority:"high"});var It={begins:.1,lasts:.03},ri=.15,ci=.2,ai=.5,li=4e3,ui=1.02,Pt={full:1e3,small:3e3},pi=15e3,di=[1e4,2e4,4e4,6e4],hi=[8e3,16e3,32e3,6e4],Nt=6e4,Ct=1e5,Se={picture:"full",narrowSince:null,drownsSince:null,wellSince:null,cameBackAt:-1/0,grewAt:-1/0,failures:0,setbacks:0,best_s:null,target_bps:null,heard:null,heardAt:1/0},jt=t=>D(t);function Bt(t,e,n){let i=Math.min((t.best_s??1/0)*ui,e.rtt_s??1/0),s=e.rtt_s!==null&&e.rtt_s>i+ci,o=(e.loss??0)>(t.drownsSince===null?It.begins:It.lasts),c=e.heard===t.heard?t.heardAt:n,u=e.heard!==null&&t.picture!=="none"&&n-c>=li,a=s||o||u||e.rtt_s===null||e.rtt_s>=ai,p=(h,f)=>h?f??n:null,m={...t,best_s:i===1/0?null:i,target_bps:e.target_bps,heard:e.heard,heardAt:c,narrowSince:p(fi(e,t)&&a&&n-t.cameBackAt>=pi,t.narrowSince),drownsSince:p(s&&o||u,t.drownsSince),wellSince:p(!s&&!u&&(e.rtt_s!==null||!o),t.wellSince)};return mi(m,n)}function mi(t,e){let{picture:n,narrowSince:i,drownsSince:s,wellSince:o,failures:c,setbacks:u}=t,a=(p,m)=>p!==null&&e-p>=(m??0);return n==="none"?a(o,Dt(di,c))?{...D(t),picture:"small",cameBackAt:e}:t:a(i,5e3)||n==="small"&&a(s,Pt.small)?{...D(t),picture:"none",failures:e-t.cameBackAt<Nt?c+1:0}:n==="full"?a(s,Pt.full)?{...D(t),narrowSince:i,picture:"small",setbacks:e-t.grewAt<Nt?u+1:0}:t:a(o,Dt(hi,u))?{...D(t),picture:"full",grewAt:e}:t}var D=t=>({...t,narrowSince:null,drownsSince:null,wellSince:null}),Dt=(t,e)=>t[Math.min(e,t.length-1)];function fi({available_bps:t,loss:e,target_bps:n},i){if(i.picture==="none")return!1;if(t!==null)return t<12e4;let s=n===null||n<12e4||i.target_bps!==null&&n<i.target_bps;return e!==null&&e>ri&&(s||i.narrowSince!==null)}function Ut(t){let e={available_bps:null,loss:null,target_bps:null,rtt_s:null,heard:null},[n,i,s]=[!1,-1/0,0],[o,c,u]=[null,null,null];for(let a of t.values())a.type==="candidate-pair"&&a.nominated?(e.available_bps=a.availableOutgoingBitrate??e.available_bps,c=a.currentRoundTripTime??c,u=a.responsesReceived??u):a.type==="remote-inbound-rtp"?(s+=a.timestamp??0,n||(e.loss=a.fractionLost??e.loss),n||=a.kind==="audio",a.roundTripTime!==void 0&&(a.timestamp??0)>i&&([i,o]=[a.timestamp??0,a.roundTripTime])):a.type==="outbound-rtp"&&a.kind==="video"&&a.targetBitrate!==void 0&&(e.target_bps=(e.target_bps??0)+a.targetBitrate);return u!==null&&(e.heard=u+s),(c!==null||o!==null)&&(e.rtt_s=Math.max(c??0,o??0)),e}var xe={packetsSent:0,bytesSent:0,framesSent:0,packetsReceived:0,packetsLost:0,bytesReceived:0,audioPacketsReceived:0,framesDecoded:0,framesPerSecond:0,width:0,height:0,rtt:0,lossIn:0};function S(t,e){if(t===null)return{figures:Object.freeze({...xe})};let n={...xe};for(let c of t.values())c.type==="outbound-rtp"?$i(n,c):c.type==="inbound-rtp"?vi(n,c):c.type==="candidate-pair"&&c.nominated&&c.currentRoundTripTime!==void 0&&(n.rtt=c.currentRoundTripTime);let i=e?.figures??xe,s=Math.max(0,n.packetsLost-i.packetsLost),o=Math.max(0,n.packetsReceived-i.packetsReceived);return n.lossIn=s+o>0?s/(s+o):0,{figures:Object.freeze(n)}}function $i(t,e){t.packetsSent+=e.packetsSent??0,t.bytesSent+=e.bytesSent??0,t.framesSent+=e.framesSent??0}function vi(t,e){if(t.packetsReceived+=e.packetsReceived??0,t.packetsLost+=Math.max(0,e.packetsLost??0),t.bytesReceived+=e.bytesReceived??0,e.kind==="audio"){t.audioPacketsReceived+=e.packetsReceived??0;return}t.framesDecoded+=e.framesDecoded??0,t.framesPerSecond+=e.framesPerSecond??0,t.width=Math.max(t.width,e.frameWidth??0),t.height=Math.max(t.height,e.frameHeight??0)}var yi=1500,Ft=[2e3,4e3,8e3,16e3,3e4],ki=2e3,bi=4e3,T=class{#e;#t=null;#n=null;#i=null;#a={audio:null,camera:null,screen:null};#h="full";#c;#o="none";#l=0;#s="";#u=!1;#d="none";#m=Promise.resolve();#r=0;#$;#f;#p;constructor(e){this.#e=e,this.#$=e.clock??J,this.#f=new Y(this.#$),this.#c=new Q(e.makeStream??(()=>new MediaStream)),this.#p=new X(this.#f,this.#$.now,n=>e.sendRestart({transport:this.#s,keep:n}))}get status(){return this.#d}sync(e){return e===null?this.close():(this.#n=e,this.#t!==null&&e.transport!==this.#s&&this.#x(),this.#t!==null&&this.#p.reached(),this.#y(()=>this.#_()))}setTracks(e){return this.#a=e,this.#y(()=>this.#k())}send(e){return this.#h=e,this.#y(()=>this.#k())}nudge(){this.#t!==null&&this.#p.nudge()}async wake(){this.#t!==null&&(this.#d!=="connected"&&this.nudge(),await this.#v(ki)&&(this.#p.refresh(),await this.#v(bi)&&this.#p.force()))}async report(){let e=this.#r,n=await this.#t?.getStats().catch(()=>null);return e===this.#r?n??null:null}close(){this.#n=null,this.#x(),this.#b("none")}async#v(e){let n=this.#r,i=async()=>S(await this.report()).figures.packetsReceived,s=await i();return await new Promise(c=>this.#$.start(()=>c(void 0),e)),await i()===s&&n===this.#r&&this.#d==="connected"&&(this.#i?.remote.length??0)>0}#y(e){let n=this.#r,i=()=>n===this.#r?e():void 0;return this.#m=this.#m.then(i).catch(s=>{n===this.#r&&this.#g(s)}),this.#m}#g(e){if(console.error("Media step failed:",e?.name),this.#b("reconnecting"),this.#f.has("retry"))return;let n=this.#t===null?()=>{this.#y(()=>this.#_())}:()=>this.#p.force();this.#f.after("retry",E(Ft,this.#p.attempt),n)}async#_(){let e=this.#n;if(e===null||e===this.#i)return;let n=this.#r;this.#t===null&&this.#A(e),this.#i=e,await this.#k(),n===this.#r&&(e.sdp!==null&&e.revision>this.#l?await this.#O(e,e.sdp):e.sdp!==null&&e.revision===this.#l&&this.#o==="failed"&&this.#S(e),n===this.#r&&this.#e.onRemotes(this.#c.collect(e,this.#t?.getTransceivers()??[])))}#A(e){let n={iceServers:e.ice_servers,bundlePolicy:"max-bundle"};this.#p.opening();let i=this.#e.connect?.(n)??new RTCPeerConnection(n);this.#t=i,this.#s=e.transport,i.addEventListener("connectionstatechange",()=>{this.#t===i&&this.#w(i.connectionState)}),this.#b(this.#u?"reconnecting":"connecting"),this.#p.opened(),e.sdp===null&&this.#p.force()}async#O(e,n){let[i,s]=[this.#t,this.#r];if(i===null||(await i.setRemoteDescription({type:"offer",sdp:n}),s!==this.#r))return;for(let c of i.getTransceivers())Ht(e,c.mid)!==null&&(c.direction="sendonly");if(await this.#k(),s!==this.#r)return;let o=await i.createAnswer();s===this.#r&&(await i.setLocalDescription(o),s===this.#r&&(this.#l=e.revision,this.#S(e),await this.#k()))}#S(e){let n=this.#t,i=n?.localDescription?.sdp;if(i===void 0)return;this.#o="sending";let{transport:s,revision:o}=e;this.#e.sendAnswer({transport:s,revision:o,sdp:i}).then(c=>{this.#t!==n||this.#l!==o||(this.#o="ok"in c?"sent":"failed","error"in c&&this.#E(e,c.error.code))})}#E(e,n){if(n==="offline"||n==="timeout")return;if(n==="too_many_requests"||n==="internal"){this.#f.after("resend",yi,()=>{this.#o==="failed"&&this.#l===e.revision&&this.#S(e)});return}this.#o="refused";let{attempt:i}=this.#p;i<=1?this.#p.force():this.#f.after("retry",E(Ft,i-1),()=>this.#p.force())}async#k(){let[e,n]=[this.#i,this.#t];e===null||n===null||await Promise.all(n.getTransceivers().map(({mid:i,sender:s})=>this.#T(Ht(e,i),s,e.publish)))}async#T(e,n,i){if(e===null)return;let s=this.#r,o=i?this.#a[e]:null,c=e==="camera"&&this.#h==="none"&&o!==null;if(n.track!==o&&!c&&await n.replaceTrack(o),s!==this.#r||o===null||this.#l===0||(e==="audio"&&await Lt(n),e!=="camera"))return;let u=await _e(n,{active:!c,maxBitrate:this.#h==="small"?Ct:void 0});if(s!==this.#r)return;let a=c&&!u?null:o;n.track!==a&&await n.replaceTrack(a)}#w(e){e==="connected"?(this.#u=!0,this.#b("connected")):(e==="disconnected"||e==="failed")&&this.#b("reconnecting"),this.#p.became(e)}#x(){this.#r+=1,this.#m=Promise.resolve(),this.#f.stopAll(),this.#p.dropped(),this.#t?.close(),this.#t=null,this.#i=null,this.#s="",this.#l=0,this.#o="none"}#b(e){e!==this.#d&&(this.#d=e,e==="none"&&(this.#u=!1,this.#p.ended(),this.#c.clear(),this.#e.onRemotes([])),this.#e.onStatus(e))}};function Ht(t,e){let n=Object.entries(t.mids).find(([,i])=>i===e);return e===null||n===void 0?null:n[0]}var C={first:null,last:null,readings:0,still:0,stills:0,stillReadings:0};function qt(t,e){let n=_i(e),i=t.last!==null&&n.frames>0&&n.frames===t.last.frames?t.still+1:0,s=i>0&&i<=5,o={...t,first:t.first??n,last:n,readings:t.readings+(t.first===null?0:1),still:i,stills:t.stills+(i===1?1:0),stillReadings:t.stillReadings+(s?1:0)};return o.readings<5?{log:o,report:null}:{log:{...C,first:n,last:n,still:i},report:gi(o,e)}}function gi(t,e){let[n,i]=[t.first,t.last],s=a=>Math.max(0,i[a]-n[a]),o=(i.freezes??n.freezes)!==null,u=[...e.values()].filter(({type:a,kind:p})=>a==="inbound-rtp"&&p==="video").reduce((a,p)=>(p.frameHeight??0)>(a?.frameHeight??0)?p:a,null);return{rtt_ms:Si(e),freezes:o?Math.max(0,(i.freezes??0)-(n.freezes??0)):t.stills,frozen_ms:Math.round(o?s("frozen_ms"):t.stillReadings*1e3),concealed:s("samples")===0?0:Math.min(1,s("made_up")/s("samples")),frames_per_s:Math.round(u?.framesPerSecond??0),height:u?.frameHeight??0,limited:xi(e)}}function _i(t){let e={freezes:null,frozen_ms:0,made_up:0,samples:0,frames:0};for(let n of t.values())if(n.type==="inbound-rtp"){if(n.kind==="audio"){e.made_up+=(n.concealedSamples??0)-(n.silentConcealedSamples??0),e.samples+=n.totalSamplesReceived??0;continue}e.frames+=n.framesDecoded??0,n.freezeCount!==void 0&&(e.freezes=(e.freezes??0)+n.freezeCount,e.frozen_ms+=(n.totalFreezesDuration??0)*1e3)}return e}function Si(t){let e=[...t.values()],i=e.find(({type:s,nominated:o,currentRoundTripTime:c})=>s==="candidate-pair"&&o&&c!==void 0)?.currentRoundTripTime??e.find(({type:s,roundTripTime:o})=>s==="remote-inbound-rtp"&&o!==void 0)?.roundTripTime;return i===void 0?null:Math.round(i*1e3)}function xi(t){let e=[...t.values()].filter(({type:n,active:i})=>n==="outbound-rtp"&&i!==!1).map(({qualityLimitationReason:n})=>n);return e.includes("bandwidth")?"network":e.includes("cpu")?"cpu":"none"}var Wt=()=>typeof navigator.mediaDevices?.getDisplayMedia=="function"&&!matchMedia("(pointer: coarse) and (max-width: 63.99rem)").matches,Z=class{#e=null;#t=0;#n;constructor(e){this.#n=e}async start(){let e=++this.#t,n=await this.#i();if(e!==this.#t)return n?.stop();this.#a(n)}stop(){this.#t+=1,this.#e!==null&&this.#a(null)}async#i(){let e={video:{frameRate:{max:15}},audio:!1};return(await navigator.mediaDevices.getDisplayMedia(e).catch(()=>null))?.getVideoTracks()[0]??null}#a(e){this.#e?.stop(),this.#e=e,e!==null&&(e.contentHint="detail",e.addEventListener("ended",()=>this.#e===e&&this.stop())),this.#n(e)}};var Vt=new Map;function zt(t,e){return new Map([...e].map(([n,i])=>{let{speaks:s,run:o}=t.get(n)??{speaks:!1,run:0};if(!(s?i<.008:i>=.02))return[n,{speaks:s,run:0}];let u=o+1>=(s?4:2);return[n,u?{speaks:!s,run:0}:{speaks:s,run:o+1}]}))}var Ae=t=>[...t].filter(([,{speaks:e}])=>e).map(([e])=>e),ee=class{#e=new WeakMap;level(e){let i=(e?.getSynchronizationSources?.()??[]).reduce((o,c)=>o===null||c.timestamp>o.timestamp?c:o,null);if(e===null||i===null)return 0;let s=this.#e.get(e)===i.timestamp;return this.#e.set(e,i.timestamp),s?0:i.audioLevel??0}};var Oe=class{#e;#t;#n;#i;#a={audio:null,camera:null,screen:null};#h=null;#c=[];#o=S(null).figures;#l=ve(null,{audio:null,camera:null});#s=C;#u=Se;#d=Vt;#m=new ee;#r=null;constructor(e){this.#e=e,this.#t=e.peer?.clock??J,this.#n=new T({sendAnswer:n=>e.request("media.answer",n),sendRestart:n=>e.request("media.restart",n),onStatus:n=>this.#f(n),onRemotes:n=>this.#p(n),...e.peer}),this.#i=new Z(n=>{this.#e.dispatch({type:n===null?"screen_ended":"screen_shared"}),this.#$({screen:n})})}get stats(){return this.#o}get sources(){return this.#u.picture==="none"?{...this.#l,frames:null}:this.#l}sync(e){if(this.#h=e,e===null)return this.close();this.#n.sync(e)}setTracks(e){this.#$(e)}shareScreen(){this.#i.start()}stopSharing(){this.#i.stop()}nudge(){this.#n.nudge()}wake(){this.#n.wake()}close(){this.#i.stop(),this.#n.close()}async measure(){let e=this.#n.status==="none"?null:await this.#n.report();this.#l=ve(this.#n.status==="connected"?e:null,this.#a),e!==null&&(this.#o=S(e,{figures:this.#o}).figures,this.#e.onFigures?.(this.#o),this.#e.dispatch({type:"stalled",stalled:this.#e.stage.stalled()}),this.#n.status==="connected"&&(this.#y(e),this.#_(e)))}#$(e){this.#a={...this.#a,...e},this.#n.setTracks(this.#a)}#f(e){this.#s=C,e==="none"?(this.#o=S(null).figures,this.#g(Se)):e==="reconnecting"&&(this.#u=jt(this.#u)),this.#e.dispatch({type:"media",status:e})}#p(e){this.#c=e,this.#e.stage.show(e),this.#t.stop(this.#r),this.#r=null,this.#v()}#v(){let e=this.#c.filter(({sound:s})=>s!==null),n=Ae(this.#d).join();this.#d=zt(this.#d,new Map(e.map(({participant:s,sound:o})=>[s,this.#m.level(o)])));let i=Ae(this.#d);i.join()!==n&&this.#e.dispatch({type:"speaking",speaking:i}),e.length>0&&(this.#r=this.#t.start(()=>this.#v(),220))}#y(e){!(this.#c.length>0&&this.#h?.publish===!0)||this.#a.camera===null||this.#g(Bt(this.#u,Ut(e),this.#t.now()))}#g(e){let n=this.#u.picture,{picture:i}=e;this.#u=e,i!==n&&(this.#n.send(i),(i==="none"||n==="none")&&this.#e.dispatch({type:"weak_network",weak:i==="none"}))}#_(e){let n=this.#h;if(n===null||this.#c.length===0||!this.#e.isVisible()){this.#s=C;return}let{log:i,report:s}=qt(this.#s,e);this.#s=i,s!==null&&this.#e.request("media.report",{transport:n.transport,...s})}};var Te=!1,Ee=!1,te=null;function Oi(t){Te=t,t?Gt():Kt()}async function Gt(){let t=Ee||te?.released===!1;!Te||t||document.visibilityState!=="visible"||!("wakeLock"in navigator)||(Ee=!0,te=await navigator.wakeLock.request("screen").catch(()=>null),Ee=!1,Te||Kt())}function Kt(){te?.release().catch(()=>{}),te=null}document.addEventListener("visibilitychange",()=>{Gt()});var Yt=(t,e)=>`40${t},${JSON.stringify(e)}`,Jt=t=>`41${t},`,Xt=(t,e,n,i)=>`42${t},${e}${JSON.stringify([n,i])}`;function Qt(t,e){if(typeof t!="string")return null;try{switch(t[0]){case"0":return Ei(JSON.parse(t.slice(1)));case"1":return{type:"close"};case"2":return{type:"ping"};case"4":return Ti(t.slice(1),e)}}catch{}return null}function Ei({pingInterval:t,pingTimeout:e}){let n=t+e;return Number.isFinite(n)&&n>0?{type:"open",silenceMs:n}:null}function Ti(t,e){let[,n,i,s,o]=/^([0-4])([^,]*)(?:,(\d*)(.*))?$/s.exec(t)??[];if(i!==e)return null;let c=o===void 0||o===""?null:JSON.parse(o);switch(n){case"0":return{type:"connected"};case"1":return{type:"disconnected"};case"2":return Array.isArray(c)&&typeof c[0]=="string"?{type:"event",name:c[0],argument:c[1]}:null;case"3":return Array.isArray(c)&&s!==void 0&&s!==""?{type:"ack",id:Number(s),answer:c[0]}:null;case"4":return{type:"refused",code:typeof c?.data?.code=="string"?c.data.code:null}}return null}var Zt=6e3,ne=class{isUp=!1;#e=!1;#t=0;#n=new Map;#i=[];#a;#h=Zt;#c=Zt;#o;#l;#s;constructor(e,n,i){this.#o=e,this.#l=i,this.#s=new WebSocket(`${location.origin.replace(/^http/,"ws")}/socket.io/?EIO=4&transport=websocket`),this.#s.onmessage=({data:s})=>this.#m(s,n),this.#s.onclose=()=>this.#f(),globalThis.addEventListener?.("offline",this.#u),this.#d()}ask(e,n,i){return new Promise(s=>{if(!this.isUp)return s(null);let o=this.#t++,c=setTimeout(()=>this.#$(o,null),i);this.#n.set(o,u=>{clearTimeout(c),s(u)}),this.#s.send(Xt(this.#o,o,e,n))})}close(){this.isUp&&this.#s.readyState===WebSocket.OPEN&&this.#s.send(Jt(this.#o)),this.#f()}#u=()=>this.#f();#d(){clearTimeout(this.#a),this.#a=setTimeout(this.#u,this.#h)}#m(e,n){if(this.#e)return;let i=Qt(e,this.#o);switch(this.#d(),i?.type){case"open":return this.#c=i.silenceMs,this.#s.send(Yt(this.#o,n));case"ping":return this.#s.send("3");case"connected":return this.#r();case"event":return this.isUp?this.#l.event(i.name,i.argument):void this.#i.push([i.name,i.argument]);case"ack":return this.#$(i.id,i.answer??null);case"refused":this.#l.refused(i.code)}this.#f()}#r(){this.isUp=!0,this.#h=this.#c,this.#d(),this.#l.up();for(let[e,n]of this.#i.splice(0))this.#e||this.#l.event(e,n)}#$(e,n){let i=this.#n.get(e);this.#n.delete(e),i?.(n)}#f(){if(!this.#e){this.#e=!0,this.isUp=!1,clearTimeout(this.#a),globalThis.removeEventListener?.("offline",this.#u),this.#s.onmessage=this.#s.onclose=null,this.#s.close();for(let e of[...this.#n.keys()])this.#$(e,null);this.#l.down()}}};var Mi=4e3,Ri=1500,[Li,Ii]=[250,1500],en=1e3,Pi=new Set(["draining","storage_failed","internal"]),j=class{#e="connecting";#t=-1;#n=0;#i=null;#a;#h;#c;#o;#l;constructor(e,n,i,s){this.#h=e,this.#c=n,this.#o=i,this.#l=s,this.#s(),s.onStatus(this.#e)}get connected(){return this.#i?.isUp??!1}async request(e,n){let i=this.#i;if(!i?.isUp)return{error:{code:"offline"}};let s=await i.ask(e,n,Mi);return s!==null?s:(this.#u(i),{error:{code:"timeout"}})}async probe(e){let n=this.#i;if(!n?.isUp)return this.kick();await n.ask(e,{},Ri)===null&&this.#u(n)}kick(){this.#i?.isUp&&this.#i.close(),this.#i===null&&this.#s()}close(){this.#r("closed"),clearTimeout(this.#a),this.#i?.close()}#s(){if(clearTimeout(this.#a),this.#e==="closed")return;this.#n+=1;let e=0,n=new ne(this.#h,{token:this.#c},{up:()=>{this.#t=-1,this.#n=0,this.#r("connected")},event:(i,s)=>{i==="snapshot"?this.#d(s):i==="bye"&&(e=this.#m(s?.code),n.close())},refused:i=>{e=i===null?en:this.#m(i)},down:()=>{if(this.#i=null,this.#e==="closed")return;this.#e==="connected"&&this.#r("reconnecting");let i=Math.min(Ii,Li*2**this.#n);this.#a=setTimeout(()=>this.#s(),e||i*(.5+Math.random()/2))}});this.#i=n}#u(e){this.#i===e&&e.close()}#d(e){let n=q(this.#o,e);if(n!==null){console.error(`A snapshot was dropped: ${n} is not as docs/protocol.md says.`);return}e.version<=this.#t||(this.#t=e.version,this.#l.onSnapshot(e))}#m(e){return Pi.has(e)?(this.#r("reconnecting"),en):(this.#e!=="closed"&&(this.close(),this.#l.onEnd(e)),0)}#r(e){this.#e===e||this.#e==="closed"||(this.#e=e,this.#l.onStatus(e))}};var tn=()=>import("./patient-43GHO4ZB.js"),we=class{here=null;missed=!1;#e=!1;#t=!1;#n;constructor(e){this.#n=e}prepare(){(globalThis.requestIdleCallback??(n=>setTimeout(n,1e3)))(()=>{this.missed||this.#i(tn)})}ask(){this.here===null&&(this.#t=!0,this.missed&&(this.missed=!1,this.#n()),this.#i(()=>Ot(tn)))}async#i(e){if(this.here!==null||this.#e)return;this.#e=!0;let n=await e().catch(()=>null);this.#e=!1,this.here=n,this.missed=n===null&&this.#t,this.#t&&this.#n()}};var Ni="AL AK AS AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND MP OH OK OR PA PR RI SC SD TN TX VI UT VT VA WA WV WI WY GU".split(" "),nn="XX",sn=({t,language:e})=>Ni.map(n=>[n,t(`place.${n}`)]).sort(([,n],[,i])=>n.localeCompare(i,e));function Me({wrong:t},e,n){return t===null||t.field!==n?"":t.n!==void 0?e.count(t.key,t.n):e.t(e.has(t.key)?t.key:"checkin.wrong.any")}var Re=(t,e)=>t===""?l:r`<p class="fault" id=${e}>${d.alert()}<span>${t}</span></p>`;function B(t,e,n,i){return Ie(t,e,i,s=>r`
    <input id=${i.name} type=${i.type??"text"} maxlength=${i.most??200} autocomplete=${i.autocomplete??"off"}
      inputmode=${i.inputmode??l} aria-invalid=${s.invalid} aria-describedby=${s.described}
      .value=${i.value} @input=${Le(n,i.name)}>
  `)}function ie(t,e,n,i){return Ie(t,e,i,s=>r`
    <textarea id=${i.name} rows="3" maxlength=${i.most??500} aria-invalid=${s.invalid} aria-describedby=${s.described}
      .value=${i.value} @input=${Le(n,i.name)}></textarea>
  `)}function on(t,e,n,i,s,o){return Ie(t,e,i,c=>r`
    <select id=${i.name} autocomplete=${i.autocomplete??"off"} aria-invalid=${c.invalid} aria-describedby=${c.described}
      @change=${Le(n,i.name)}>
      <option value="" ?selected=${i.value===""}>${s}</option>
      ${o.map(([u,a])=>r`<option value=${u} ?selected=${u===i.value}>${a}</option>`)}
    </select>
  `)}var Le=(t,e)=>n=>t({type:"typed",name:e,value:n.target.value});function Ie(t,e,{name:n,label:i,hint:s,look:o="",invalid:c=!1},u){let a=Me(t,e,n),p=[...s?[`${n}-hint`]:[],...a?[`${n}-fault`]:[]].join(" ");return r`
    <div class="field ${o}">
      <label for=${n}>${i}</label>
      ${s?r`<p class="hint" id="${n}-hint">${s}</p>`:l}
      ${Re(a,`${n}-fault`)}
      ${u({invalid:a||c?"true":l,described:p||l})}
    </div>
  `}function U(t,e,n){if(!mt(t))return l;let{t:i}=e,{status:s}=t.helper,o=s==="folded"?"":t.helper.url;return r`
    <div class="asks">
      <div role="status">
        ${s==="failed"?r`<p class="bad">${d.alert()}<span>${i("helper.failed",{phone:t.clinic?.phone??""})}</span></p>`:l}
        ${o===""?l:r`<p>${i("helper.lead")}</p>`}
        ${s==="copied"?r`<p class="good">${d.check()}<span>${i("helper.copied")}</span></p>`:l}
        ${s==="uncopied"?r`<p>${i("helper.uncopied")}</p>`:l}
      </div>
      ${o===""?r`<button class="secondary" type="button" aria-disabled=${s==="asking"} @click=${()=>n({type:"helper_tapped"})}>
            ${d.person()}${i(s==="asking"?"moment":"helper.ask")}
          </button>`:r`<input class="link-field" readonly aria-label=${i("helper.link")} .value=${o} @focus=${c=>c.target.select()} />
            <button class="secondary" type="button" @click=${()=>n({type:"share_link_tapped"})}>${i("helper.share")}</button>`}
    </div>
  `}function cn(t,{t:e}){let n=t.reported?.camera==="works"&&t.reported.microphone==="works",i=t.snapshot?.check_in!=null&&t.snapshot.check_in.items.length>0&&R(t).length===0;return r`
    <main class="column">
      <h1 tabindex="-1">${e("helper.doneTitle")}</h1>
      ${rn(n,e(n?"helper.tested":"helper.untested"))}
      ${t.snapshot?.check_in?.complete?l:rn(i,e(i?"helper.answered":"helper.unanswered"))}
      <p>${e("helper.next")}</p>
      <p>${e("helper.samePhone")}</p>
    </main>
  `}var rn=(t,e)=>r`<p class=${t?"good":"quiet"}>${t?d.check():d.alert()}<span>${e}</span></p>`;function an(t,e,n){let i=$t(t);return i===null?Bi(t,e,n):Di(t,e,n,i)}function Di(t,e,n,i){let{t:s}=e,o=ft(t),c=p=>(p.preventDefault(),n({type:"continue_tapped"})),u=i.kind==="consent"&&!me(t,i),a=t.busy==="answer"?"checkin.saving":u?"checkin.consent.agree":"goOn";return r`
    <main class="column">
      <p class="step">${s("checkin.step",{n:o.indexOf(i)+1,of:o.length})}</p>
      <h1 tabindex="-1">${Pe(i,e)}</h1>
      ${b(t)==="companion"||A(t)?r`<p class="quiet">${d.person()}<span>${s("checkin.forPatient")}</span></p>`:l}
      <form class="sheet" novalidate @submit=${c}>
        ${Ci[i.kind](t,e,n,i)}
        ${k(t,e)}
        <div class="actions">
          <button class=${u?"primary unhurried":"primary"} type="submit" aria-disabled=${t.busy==="answer"}>${s(a)}</button>
          ${ln(e,n)}
        </div>
      </form>
      ${P(t,e)}
      ${U(t,e,n)}
    </main>
  `}var ln=({t},e)=>r`<button class="secondary" type="button" @click=${()=>e({type:"back_tapped"})}>${t("checkin.back")}</button>`;function Pe(t,{t:e,language:n}){return t.kind!=="external"?e(`checkin.${t.kind}.title`):t.title[n]??t.title.en??Object.values(t.title)[0]??e("checkin.external.untitled")}var Ci={location(t,e,n,i){let{t:s}=e,o={name:`${i.key}.state`,label:s("checkin.location.state"),value:I(t,i,"state"),autocomplete:"address-level1"},c={name:`${i.key}.address`,label:s("checkin.location.address"),value:I(t,i,"address")};return r`
      <p>${s("checkin.location.why")}</p>
      ${on(t,e,n,o,s("checkin.location.choose"),[...sn(e),[nn,s("checkin.location.abroad")]])}
      ${B(t,e,n,{...c,hint:s("checkin.location.addressHint"),autocomplete:"street-address"})}
    `},callback(t,e,n,i){let{t:s}=e,o={name:`${i.key}.phone`,label:s("checkin.callback.phone"),value:I(t,i,"phone")};return r`
      <p>${s("checkin.callback.why")}</p>
      ${B(t,e,n,{...o,type:"tel",inputmode:"tel",autocomplete:"tel",most:40})}
    `},consent(t,e,n,i){let{t:s}=e,{text:o,version:c,language:u}=yt(t),a=me(t,i);return r`
      ${a?r`<p class="good">${d.check()}<span>${s("checkin.consent.agreed")}</span></p>`:r`<p>${s("checkin.consent.lead")}</p>`}
      <div class="paper" lang=${u}>${o.split(/\n+/).map(p=>r`<p>${p}</p>`)}</div>
      <p class="hint">${s("checkin.consent.version",{version:c})}</p>
      ${a?l:r`<p>${s("checkin.consent.no")}</p>`}
    `},reason(t,e,n,i){let{t:s}=e,o={name:`${i.key}.text`,label:s("checkin.reason.text"),value:I(t,i,"text"),most:500};return r`<p>${s("checkin.reason.why")}</p>${ie(t,e,n,o)}`},external(t,e,n,i){let{t:s}=e;return i.state==="done"?r`<p class="good" role="status">${d.check()}<span>${s("checkin.external.done")}</span></p>`:r`
      <p>${s("checkin.external.lead")}</p>
      ${ji(i,e)}
      <p>${s("checkin.external.later")}</p>
    `}};function ji(t,e){return/^https?:\/\//i.test(t.url)?r`
    <a class="secondary" href=${t.url} target="_blank" rel="noopener noreferrer">
      ${e.t("checkin.external.open",{title:Pe(t,e)})}<span class="hidden">${e.t("checkin.external.newTab")}</span>
    </a>
  `:l}function Bi(t,e,n){let{t:i}=e,s=!vt(t)&&(b(t)==="patient"||A(t));return r`
    <main class="column">
      <h1 tabindex="-1">${i(s?"checkin.open.title":"checkin.ready.title")}</h1>
      <div role="status">${s?l:r`<p>${Ui(t,e)}</p>`}</div>
      ${s?Fi(t,e,n):Hi(t,e)}
      ${k(t,e)}
      <div class="actions">
        ${g(t)?_(t,e,n):qi(t,e,n)}
        ${ln(e,n)}
      </div>
      ${g(t)?l:P(t,e)}
      ${U(t,e,n)}
    </main>
  `}function Ui(t,e){let n=de(t);if(A(t))return e.t("helper.ready");if(n===null||G(t))return e.t("checkin.ready.join");let i=t.clinic?.time_zone??"UTC",s=he(t),o=e.day(n.opens_at,i,s)===e.t("day.today");return e.t(o?"checkin.ready.today":"checkin.ready.later",{day:e.date(n.opens_at,i),time:e.time(n.opens_at,i)})}function Fi(t,e,n){let{t:i}=e;return r`
    <p>${i("checkin.open.lead")}</p>
    <ul class="open-items">
      ${R(t).map(s=>r`<li><button class="secondary" type="button" @click=${()=>n({type:"item_tapped",item:s.key})}>${Pe(s,e)}</button></li>`)}
    </ul>
    ${R(t).some(s=>s.kind==="external")?r`<p>${i("checkin.external.later")}</p>`:l}
    ${t.clinic?r`<p>${i("checkin.open.help",{phone:t.clinic.phone})}</p>`:l}
  `}function Hi(t,e){let n=de(t);if(n===null||G(t))return l;let i=bt(Date.parse(n.opens_at)-he(t),e);return r`
    <p class="countdown" role="timer"><span>${e.t("checkin.ready.countdown")}</span> <strong>${i}</strong></p>
    <p>${e.t("early.keep")}</p>
  `}var qi=(t,{t:e},n)=>G(t)?r`<button class="primary" type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"join_tapped"})}>
        ${e(A(t)?"helper.done":t.busy==="join"?"devices.joining":"devices.join")}
      </button>`:l;var Wi=({locale:t})=>new Intl.DateTimeFormat(t).formatToParts(0).map(({type:e})=>e).filter(e=>e!=="literal");function un(t,e,n){let{t:i}=e,s=Me(t,e,"birth"),o=c=>(c.preventDefault(),n({type:t.unsure?"unsure_tapped":"confirm_tapped"}));return r`
    <main class="column">
      <h1 tabindex="-1">${i(t.unsure?"confirm.unsureTitle":"confirm.title")}</h1>
      <p>${i(A(t)?t.unsure?"helper.unsure":"helper.birth":t.unsure?"confirm.unsure":"confirm.lead")}</p>
      <form class="sheet" novalidate @submit=${o}>
        ${t.unsure?l:r`<fieldset class="fields" aria-describedby="birth-hint ${s?"birth-fault":""}">
              <legend>${i("confirm.legend")}</legend>
              <p class="hint" id="birth-hint">${i("confirm.hint",{example:i("confirm.example")})}</p>
              <div role="alert">${Re(s,"birth-fault")}</div>
              <div class="dates">
                ${Wi(e).map((c,u)=>B(t,e,n,{name:`birth.${c}`,label:i(`confirm.${c}`),value:t.draft[`birth.${c}`]??"",inputmode:"numeric",autocomplete:`bday-${c}`,most:c==="year"?4:2,look:`field-${c}`,invalid:u===0&&s!==""}))}
              </div>
            </fieldset>`}
        ${k(t,e)}
        <div class="actions">
          <button class="primary" type="submit" aria-disabled=${t.busy==="confirm"}>${i(t.busy==="confirm"?"moment":"goOn")}</button>
        </div>
      </form>
      ${P(t,e)}
    </main>
  `}var pn={camera:{label:"devices.camera",unnamed:"devices.unnamedCamera"},microphone:{label:"devices.microphone",unnamed:"devices.unnamedMicrophone"},speaker:{label:"tools.speaker",unnamed:"tools.unnamedSpeaker"}};function se(t,e,n,{t:i},s){if(e.length<2)return l;let o=({target:c})=>{let u=c.value;c.value=n,s(u)};return r`
    <label>
      <span>${i(pn[t].label)}</span>
      <select @change=${o}>
        ${e.map(({deviceId:c,label:u},a)=>r`<option value=${c} .selected=${c===n}>${u||i(pn[t].unnamed,{n:a+1})}</option>`)}
      </select>
    </label>
  `}function dn(t,e,n,i){let s=t.filter(({deviceId:c})=>c!=="default"&&c!=="communications"),o=s.some(({deviceId:c})=>c===e);return s.length===0?l:se("speaker",[{deviceId:"",label:n.t("tools.usualSpeaker")},...s],o?e:"",n,i)}var hn=()=>fe(K(navigator).system),mn=t=>t!==null&&$e(t,K(navigator)).title==="unsupported.title";function fn({problem:t,picture:e,camera:n,microphone:i},{t:s},o=l){let c=K(navigator),{title:u,fix:a}=$e(t??"",c),p=u!=="blocked.title"?`problem.${u}`:n||!e?"problem.blocked.soundOnly":i?"problem.blocked.cameraOnly":"problem.blocked.title",m=s(`problem.${a}`,{browser:t==="unsupported"?fe(c.system):gt(c)}).split(`
`);return r`
    <div class="trouble">
      ${d.alert()}
      <div>
        <h2>${s(p)}</h2>
        ${m.length>1?r`<ol>${m.map(h=>r`<li>${h.replace(/^\d\. /,"")}</li>`)}</ol>`:r`<p>${m[0]}</p>`}
        ${o}
      </div>
    </div>
  `}var Vi=8e3;function $n(t,e,n,i){let{t:s}=e,{status:o}=t.devices;return r`
    <main class="column column-wide">
      <h1 tabindex="-1">${s("devices.title")}</h1>
      ${o==="asking"?zi(t,e,n):l}
      <div role="status">${z(t)?r`<p class="good">${d.check()}<span>${s("devices.time")}</span></p>`:l}</div>
      <div role="status">${t.devices.problem?Ne(t,e,mn(t.devices.problem)?vn(t,e,n):l):l}</div>
      ${k(t,e)}
      ${t.devices.camera?r`<div class="preview">${i.stage.own}</div>`:l}
      ${o==="ready"&&!g(t)?Gi(t,e,n,i):l}
      <div class="actions">${Yi(t,e,n)}</div>
      ${U(t,e,n)}
    </main>
  `}function zi(t,e,n){let{t:i}=e,{slow:s}=t.devices;return r`
    <p>${i("devices.ask")}</p>
    <p class="quiet">${i("devices.asking")}</p>
    <div role="status">
      ${s?r`<div class="trouble">
            ${d.alert()}
            <div>
              <p>${i("devices.slow",{browser:hn()})}</p>
              ${vn(t,e,n)}
            </div>
          </div>`:l}
    </div>
  `}var vn=(t,e,n)=>et(kt(t),e,()=>n({type:"copy_link_tapped"})),Ne=(t,e,n)=>fn(t.devices,e,n);function Gi(t,e,n,i){let{t:s}=e,{camera:o,microphone:c,picture:u,heard:a,since:p}=t.devices;return r`
    ${c?r`<div class="levels">
          ${i.levelBar.label(s("devices.level"))}
          ${a?r`<p class="good">${d.check()}<span>${s("devices.heard")}</span></p>`:r`<p class="quiet">${d.microphone()}<span>${s(t.now-p>Vi?"devices.silent":"devices.speak")}</span></p>`}
        </div>`:l}
    ${u||o?l:r`<p class="quiet">${d.cameraOff()}<span>${s("devices.soundOnly")}</span></p>`}
    ${Ki(t,e,n)}
    <div class="choices">
      ${o?se("camera",t.devices.cameras,t.devices.cameraId,e,m=>n({type:"device_chosen",cameraId:m})):l}
      ${c?se("microphone",t.devices.microphones,t.devices.microphoneId,e,m=>n({type:"device_chosen",microphoneId:m})):l}
    </div>
    ${t.devices.problem===null&&!z(t)?r`<p>${s(V(t)?"devices.goOnSound":t.testing?"devices.tested":L(t)?"devices.ready":"devices.goOn")}</p>`:l}
  `}function Ki(t,{t:e},n){let{tested:i}=t.network,s=i===null?r`<p class="quiet">${d.line()}<span>${e("network.testing")}</span></p>`:i==="good"?r`<p class="good">${d.check()}<span>${e("network.good")}</span></p>`:i==="untested"?l:r`<div class="trouble">
        ${d.alert()}
        <div>
          <p>${e(`network.${i}`)}</p>
          ${i==="poor"&&t.devices.camera?r`<button class="secondary" type="button" @click=${()=>n({type:"sound_only_tapped"})}>${e("devices.soundOnlyButton")}</button>`:l}
        </div>
      </div>`;return r`<div role="status">${s}</div>`}function Yi(t,e,n){let{t:i}=e,{status:s,problem:o,microphone:c,picture:u}=t.devices,a=($,v,y)=>r`<button class=${y} type="button" @click=${()=>n({type:$})}>${i(v)}</button>`;if(g(t))return _(t,e,n);if(z(t))return r`
      <button class="primary" type="button" aria-disabled=${t.busy==="redeem"} @click=${()=>n({type:"start_tapped"})}>
        ${i(t.busy==="redeem"?"start.busy":"start.button")}
      </button>
      ${a("back_tapped","devices.back","secondary")}
    `;let p=t.testing?a("back_tapped","devices.back",o===null&&s==="ready"?"primary":"secondary"):l,m=L(t)&&!V(t),h=($,v=m?"devices.join":"goOn")=>r`
    <button class=${$} type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:m?"join_tapped":"continue_tapped"})}>
      ${i(t.busy==="join"?m?"devices.joining":"moment":v)}
    </button>
  `,f=m?"devices.listen":"devices.goOnListen";return s==="asking"?t.devices.slow?r`${u?a("sound_only_tapped","devices.soundOnlyButton","secondary"):t.testing?l:h("secondary",f)} ${p}`:p:o===null?t.testing?V(t)?r`${h("primary")} ${a("back_tapped","devices.back","secondary")}`:p:h("primary"):t.testing?r`${a("retry_tapped","tryAgain","primary")} ${p}`:o==="no_microphone"?r`${h("primary")} ${a("retry_tapped","tryAgain","secondary")}`:c&&u?r`${a("sound_only_tapped","devices.soundOnlyButton","primary")} ${a("retry_tapped","tryAgain","secondary")}`:r`
    ${a("retry_tapped","tryAgain","primary")}
    ${u?a("sound_only_tapped","devices.soundOnlyButton","secondary"):h("secondary",f)}
  `}function yn(t){let e=[];for(let n of[...t].sort((i,s)=>Date.parse(i.from)-Date.parse(s.from))){let i=e.at(-1);i===void 0||Date.parse(n.from)-De(i)>6e4?e.push(n):e[e.length-1]={from:i.from,to:De(n)>De(i)?n.to:i.to}}return e}var De=({to:t})=>t===null?1/0:Date.parse(t);var Ji=["well","trouble","failed"];function kn(t,e,n){if(t.why==="helped")return cn(t,e);let{t:i}=e,s=t.why==="left";return r`
    <main class="column">
      <h1 tabindex="-1">${St(t,i)}</h1>
      <p>${i(s?"ended.leftLead":lt(t)?"ended.closedLead":"ended.lead")}</p>
      ${s?l:r`<p>${i("ended.questions")}</p>`}
      ${k(t,e)}
      ${t.ticket!==null&&t.admitted&&!s?Xi(t,e,n):l}
      ${t.ticket===null?l:Qi(t,e,n)}
      ${s?r`<div class="actions">
            ${g(t)?_(t,e,n):r`<button class="primary unhurried" type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"rejoin_tapped"})}>
                  ${i(t.busy==="join"?"devices.joining":"ended.rejoin")}
                </button>`}
          </div>`:l}
    </main>
  `}function Xi({feedback:t},{t:e},n){return r`
    <section class="question" aria-labelledby="question">
      <h2 id="question">${e("feedback.question")}</h2>
      <div role="status">
        ${t==="sent"?r`<p class="good">${d.check()}<span>${e("feedback.thanks")}</span></p>`:l}
        ${t==="failed"?r`<p>${e("feedback.failed")}</p>`:l}
      </div>
      ${t==="sent"?l:r`<div class="answers">
            ${Ji.map(i=>r`<button class="secondary" type="button" aria-disabled=${t==="sending"} @click=${()=>n({type:"feedback_tapped",answer:i})}>
                ${e(`feedback.answer.${i}`)}
              </button>`)}
          </div>`}
    </section>
  `}function Qi(t,e,n){let{t:i}=e,{status:s,value:o}=t.receipt;return r`
    <details class="fold" @toggle=${u=>u.target.open&&n({type:"receipt_opened"})}>
      <summary>${i("receipt.summary")}</summary>
      <div class="fold-body" role="status">
        ${o!==null?Zi(o,e):l}
        ${s==="loading"?r`<p>${i("moment")}</p>`:l}
        ${s==="failed"?r`<p>${i("receipt.failed")}</p>
              <button class="secondary" type="button" @click=${()=>n({type:"receipt_opened"})}>${i("tryAgain")}</button>`:l}
      </div>
    </details>
  `}function Zi(t,e){let{t:n}=e,i=t.clinic.time_zone;return r`
    ${t.people.length===0?r`<p>${n("receipt.nobody")}</p>`:l}
    <ul class="people">
      ${t.people.map(s=>r`<li>
          <strong>${s.me?n("receipt.me",{name:s.name}):s.name}</strong>, ${n(`role.${s.role}`)}
          ${[...new Set(yn(s.times).map(o=>es(o,i,e)))].map(o=>r`<br>${o}`)}
        </li>`)}
    </ul>
    ${t.recorded?l:r`<p>${n("receipt.notRecorded")}</p>`}
    <p>${n("receipt.path",{server:t.media_server})}</p>
  `}function es({from:t,to:e},n,i){let[s,o]=[i.time(t,n),e===null?null:i.time(e,n)];return o===null?i.t("receipt.since",{from:s}):s===o?i.t("receipt.at",{at:s}):i.t("receipt.time",{from:s,to:o})}var bn=(t,e,n)=>ts(t)?r`<div class="asks asks-call">${Ce(t,e,n,"call")}</div>`:l;function gn(t,e,n){return r`
    <details class="fold">
      <summary>${e.t("wish.more")}</summary>
      <div class="fold-body">${Ce(t,e,n,"interpreter")} ${Ce(t,e,n,"companion")}</div>
    </details>
  `}var ts=t=>t.token!==null&&(t.snapshot??t.invitation)!==null&&b(t)==="patient"||xt(t);function Ce(t,e,n,i){let{t:s}=e,o=t.token===null&&i==="call"&&t.called!==null||(t.snapshot?.wishes.includes(i)??!1);return r`
    <div role="status">
      ${o?r`<p class="good">${d.check()}<span>${ns(t,e,i)}</span></p>`:l}
      ${!o&&t.unasked===i?r`<p class="bad">${d.alert()}<span>${s("wish.lost",{phone:t.clinic?.phone??""})}</span></p>`:l}
    </div>
    ${o?l:r`<button class="secondary" type="button" aria-disabled=${t.asking!==null} @click=${()=>n({type:"wish_tapped",wish:i})}>
          ${i==="call"?d.phone():l}${s(t.asking===i?"moment":`wish.${i}`)}
        </button>`}
  `}function ns(t,{t:e},n){if(n!=="call")return e(`wish.${n}.made`);let i=t.snapshot?.check_in?.items.find(s=>s.kind==="callback")?.answer.phone??"";return i!==""?e("wish.calling",{phone:is(i)}):(t.token===null?t.called:t.snapshot?.visit)?.callback_known?e("wish.callingKnown"):e("wish.noNumber",{phone:t.clinic?.phone??""})}function is(t){return`\u2022\u2022\u2022 ${t.replace(/\D/g,"").slice(-4)}`}var ss=[523.25,659.26,783.99,1046.5],os=.8,rs=(t,e)=>e<0?0:Math.min(1,e/.01)*Math.exp(-3.5*e)*(Math.sin(2*Math.PI*t*e)+.3*Math.sin(4*Math.PI*t*e));function cs(){let t=Float32Array.from({length:40800},(n,i)=>ss.reduce((s,o,c)=>s+rs(o,i/24e3-c*.25),0)),e=t.reduce((n,i)=>Math.max(n,Math.abs(i)),0);return t.map(n=>os*n/e)}function _n(){let t=cs(),e=new DataView(new ArrayBuffer(44+t.length*2)),n=(i,s)=>[...s].forEach((o,c)=>e.setUint8(i+c,o.charCodeAt(0)));return n(0,"RIFF"),e.setUint32(4,e.byteLength-8,!0),n(8,"WAVEfmt "),e.setUint32(16,16,!0),e.setUint16(20,1,!0),e.setUint16(22,1,!0),e.setUint32(24,24e3,!0),e.setUint32(28,24e3*2,!0),e.setUint16(32,2,!0),e.setUint16(34,16,!0),n(36,"data"),e.setUint32(40,t.length*2,!0),t.forEach((i,s)=>e.setInt16(44+s*2,Math.round(i*32767),!0)),new Blob([e],{type:"audio/wav"})}var je=null;function Sn(t,e,n){if(t.type==="keepHeard")return At(e.id);je??=as(e),je.currentTime=0,je.play().catch(i=>{i?.name!=="AbortError"&&n({type:"sound_refused"})})}function as(t){let e=new Audio(URL.createObjectURL(_n()));return t.add(e),e}function xn(t,e,n,i){let{t:s}=e,{echo:o,self:c}=t.sound,u=o==="calling"||o==="speaking";return r`
    <main class="column">
      <h1 tabindex="-1">${s("echo.title")}</h1>
      <div role="status">${u?r`<p>${s(`echo.${o}`)}</p>`:N(s(`echo.${o}`))}</div>
      ${u?r`<div class="levels">${i.levelBar.label(s("devices.level"))}</div>`:l}
      <p>${s("echo.private")}</p>
      <div role="status">${c==="silent"?ls(e):l}</div>
      ${c==="silent"?r`<div class="choices">${Be(t,e,n)}</div>`:l}
      ${k(t,e)}
      <div class="actions">${us(t,e,n,u)}</div>
    </main>
  `}var ls=({t})=>r`
  <div class="trouble">
    ${d.alert()}
    <div>
      <h2>${t("echo.silent")}</h2>
      <ol>${t("echo.fix").split(`
`).map(e=>r`<li>${e}</li>`)}</ol>
      <p>${t("sound.onwards")}</p>
    </div>
  </div>
`;function us(t,e,n,i){let{t:s}=e;if(g(t))return _(t,e,n);let o=(c,u,a)=>r`<button class=${c} type="button" @click=${()=>n({type:u})}>${s(a)}</button>`;return i?t.sound.refused?r`${o("primary","echo_tapped","visit.tapSound")} ${F(t,e,n)}`:r`
    <button class="primary" type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"sound_heard_tapped"})}>${s("sound.yes")}</button>
    ${t.sound.self==="silent"?l:o("secondary","sound_unheard_tapped","sound.no")}
    ${F(t,e,n)}
  `:r`${F(t,e,n,"primary")} ${o("secondary","echo_tapped","tryAgain")}`}function An(t,e,n,i){if(t.sound.echo!==null)return xn(t,e,n,i);let{t:s}=e,{said:o,refused:c}=t.sound;return r`
    <main class="column">
      <h1 tabindex="-1">${s("sound.title")}</h1>
      <p>${s(c?"sound.tap":"sound.lead")}</p>
      <div role="status">${o==="silent"?ps(t,e):l}</div>
      ${o==="silent"?r`<div class="choices">${Be(t,e,n)}</div>`:l}
      ${k(t,e)}
      <div class="actions">${ds(t,e,n)}</div>
    </main>
  `}function ps({device:{system:t}},{t:e}){let n=t==="ios"||t==="android"?t:"computer";return r`
    <div class="trouble">
      ${d.alert()}
      <div>
        <h2>${e("sound.silent")}</h2>
        <ol>${e(`sound.fix.${n}`).split(`
`).map(i=>r`<li>${i}</li>`)}</ol>
        <p>${e("sound.onwards")}</p>
      </div>
    </div>
  `}function Be({devices:t},e,n){return r`
    ${dn(t.speakers,t.speakerId,e,i=>n({type:"speaker_chosen",speakerId:i}))}
    <div role="alert">${t.refused==="speaker"?r`<p>${e.t("tools.refused.speaker")}</p>`:l}</div>
  `}function ds(t,e,n){let{t:i}=e;if(g(t))return _(t,e,n);let{said:s,refused:o}=t.sound,c=t.busy==="join",u=(p,m,h)=>r`<button class=${p} type="button" @click=${()=>n({type:m})}>${i(h)}</button>`,a=p=>r`<button class=${p} type="button" aria-disabled=${c} @click=${()=>n({type:"sound_heard_tapped"})}>${i(c?"devices.joining":"sound.yes")}</button>`;return s==="silent"?r`${u("primary","play_tapped","tryAgain")} ${a("secondary")} ${F(t,e,n)}`:o?r`${u("primary","play_tapped","sound.play")} ${u("secondary","sound_unheard_tapped","sound.no")}`:r`${a("primary")} ${u("secondary","sound_unheard_tapped","sound.no")} ${u("secondary","play_tapped","sound.play")}
    ${t.devices.microphone?u("secondary","echo_tapped","echo.title"):l}`}function F(t,{t:e},n,i="secondary"){let s=t.testing?"devices.back":L(t)?"devices.join":"goOn";return r`<button class=${i} type="button" aria-disabled=${t.busy==="join"} @click=${()=>n({type:"continue_tapped"})}>${e(s)}</button>`}var On=()=>tt(Ve`<g fill="currentColor"><circle cx="5" cy="12" r="2" /><circle cx="12" cy="12" r="2" /><circle cx="19" cy="12" r="2" /></g>`),En=t=>t.camera&&t.cameras.length>1,oe=(t,e,n,{t:i},s)=>r`
  <button type="button" class="control control-${t}" aria-pressed=${e} @click=${()=>s({type:`${t}_tapped`})}>
    ${n}<span>${i(`visit.${t}`)}</span>
  </button>
`,Tn=(t,e,n,i,s)=>r`
  <button type="button" class="control" id="opens-${t}" aria-expanded=${e===t} @click=${()=>s({type:"panel_tapped",panel:t})}>
    ${n}<span>${i}</span>
  </button>
`,wn=(t,e,n,{t:i},s)=>r`
  <section class="panel" id="panel-${t}" aria-labelledby="title-${t}">
    <div class="panel-head">
      <h2 id="title-${t}" tabindex="-1">${e}</h2>
      <button type="button" class="panel-close" aria-label=${i("visit.close")} @click=${()=>s({type:"panel_closed"})}>${d.close()}</button>
    </div>
    ${n}
  </section>
`,vc=(t,e,n,{pressed:i,look:s=""}={})=>r`
  <button type="button" class="tool ${s}" aria-pressed=${i??l} @click=${n}>
    ${t}<span>${e}</span>${i===!0?d.check():l}
  </button>
`;var Mn={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Rn=t=>(...e)=>({_$litDirective$:t,values:e}),re=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,n,i){this._$Ct=e,this._$AM=n,this._$Ci=i}_$AS(e,n){return this.update(e,n)}update(e,n){return this.render(...n)}};var{I:hs}=Ge,Ln=t=>t;var In=()=>document.createComment(""),w=(t,e,n)=>{let i=t._$AA.parentNode,s=e===void 0?t._$AB:e._$AA;if(n===void 0){let o=i.insertBefore(In(),s),c=i.insertBefore(In(),s);n=new hs(o,c,t,t.options)}else{let o=n._$AB.nextSibling,c=n._$AM,u=c!==t;if(u){let a;n._$AQ?.(t),n._$AM=t,n._$AP!==void 0&&(a=t._$AU)!==c._$AU&&n._$AP(a)}if(o!==s||u){let a=n._$AA;for(;a!==o;){let p=Ln(a).nextSibling;Ln(i).insertBefore(a,s),a=p}}}return n},x=(t,e,n=t)=>(t._$AI(e,n),t),ms={},Pn=(t,e=ms)=>t._$AH=e,Nn=t=>t._$AH,ce=t=>{t._$AR(),t._$AA.remove()};var Dn=(t,e,n)=>{let i=new Map;for(let s=e;s<=n;s++)i.set(t[s],s);return i},Cn=Rn(class extends re{constructor(t){if(super(t),t.type!==Mn.CHILD)throw Error("repeat() can only be used in text expressions")}dt(t,e,n){let i;n===void 0?n=e:e!==void 0&&(i=e);let s=[],o=[],c=0;for(let u of t)s[c]=i?i(u,c):c,o[c]=n(u,c),c++;return{values:o,keys:s}}render(t,e,n){return this.dt(t,e,n).values}update(t,[e,n,i]){let s=Nn(t),{values:o,keys:c}=this.dt(e,n,i);if(!Array.isArray(s))return this.ut=c,o;let u=this.ut??=[],a=[],p,m,h=0,f=s.length-1,$=0,v=o.length-1;for(;h<=f&&$<=v;)if(s[h]===null)h++;else if(s[f]===null)f--;else if(u[h]===c[$])a[$]=x(s[h],o[$]),h++,$++;else if(u[f]===c[v])a[v]=x(s[f],o[v]),f--,v--;else if(u[h]===c[v])a[v]=x(s[h],o[v]),w(t,a[v+1],s[h]),h++,v--;else if(u[f]===c[$])a[$]=x(s[f],o[$]),w(t,s[h],s[f]),f--,$++;else if(p===void 0&&(p=Dn(c,$,v),m=Dn(u,h,f)),p.has(u[h]))if(p.has(u[f])){let y=m.get(c[$]),le=y!==void 0?s[y]:null;if(le===null){let qe=w(t,s[h]);x(qe,o[$]),a[$]=qe}else a[$]=x(le,o[$]),w(t,s[h],le),s[y]=null;$++}else ce(s[f]),f--;else ce(s[h]),h++;for(;$<=v;){let y=w(t,a[v+1]);x(y,o[$]),a[$++]=y}for(;h<=f;){let y=s[h++];y!==null&&ce(y)}return this.ut=c,Pn(t,a),ze}});var fs={speaking:"sound",muted:"microphoneOff",held:"quiet",lost:"alert",cameraOff:"cameraOff",paused:"cameraOff",noPicture:"alert"},$s={good:"lineGood",fair:"lineFair",poor:"linePoor"},vs=["speaking","muted"];function jn(t,e,n){let i=t.some(({screen:o})=>o),s=t.length===1;return r`<div class="tiles ${i?`tiles-shared tiles-beside-${Math.min(t.length-1,5)}`:`tiles-${t.length}`}">${Cn(t,({key:o})=>o,o=>ys(o,s,e,n))}</div>`}function ys({key:t,name:e,screen:n,main:i,blank:s,marks:o,quality:c},u,a,p){let m=u?o.filter(f=>vs.includes(f)):o,h=[n&&"tile-screen",i&&"tile-main",o.includes("speaking")&&"tile-speaking"].filter(Boolean).join(" ");return r`
    <div class="tile ${h}">
      ${a.video(t,e,s)}
      ${s&&!u?r`<span class="tile-face">${d.person()}</span>`:l}
      <div class="plate">
        <p class="plate-name"><span>${e}</span>${c===null?l:Ue(c,p)}</p>
        ${m.map(f=>r`<p class="mark mark-${f}" title=${p(`mark.${f}`)}>${d[fs[f]]()}<span>${p(`mark.${f}`)}</span></p>`)}
      </div>
    </div>
  `}var Ue=(t,e)=>r`<span class="sign sign-${t}" title=${e(`line.${t}`)}>${d[$s[t]]()}<span>${e(`line.${t}`)}</span></span>`;function Bn(t,e,n,i,s){let o=new Set((e?.remote??[]).filter(({source:a})=>a==="screen").map(({participant:a})=>a)),c=t.filter(({id:a,phase:p,screen:m})=>p==="in_visit"&&m!==!1&&o.has(a)),u=c.at(-1)?.id??null;return[...t.map(a=>ks(a,n,u===null&&a.id===i)),...c.map(({id:a,name:p})=>({key:ge(a,!0),name:s(p),screen:!0,main:a===u,blank:!1,marks:[],quality:null}))]}function ks(t,e,n){let{id:i,name:s,phase:o,camera:c,paused:u,quality:a}=t;return{key:i,name:s,screen:!1,main:n,blank:o!=="in_visit"||c===!1||u===!0,marks:bs(t,e),quality:o==="in_visit"&&t.connected?a:null}}function bs({id:t,phase:e,connected:n,microphone:i,camera:s,paused:o},{pictures:c,stalled:u,speaking:a}){if(e!=="in_visit")return["held"];if(!n)return["lost"];let p=[];return i===!1?p.push("muted"):a.includes(t)&&p.push("speaking"),s===!1?p.push("cameraOff"):o===!0?p.push("paused"):(!c.includes(t)||u.includes(t))&&p.push("noPicture"),p}var gs=()=>nt("M4 5h16v11H10l-4 4v-4H4z");function Un(t,e,n,i){if(e.talk===null)return l;let s=it(t,e);return r`
    <button type="button" class="control control-chat" id="opens-chat" aria-expanded=${t.tools.panel==="chat"} aria-describedby=${s>0?"chat-unread":l}
      @click=${()=>i({type:"panel_tapped",panel:"chat"})}>
      ${gs()}<span>${n.t("visit.chat")}</span>${s>0?r`<span class="badge" aria-hidden="true">${s}</span>`:l}
    </button>
    ${s>0?r`<span id="chat-unread" hidden>${n.count("chat.unread",s)}</span>`:l}
  `}function Fn(t,{talk:e},{t:n},i){let s=e===null?null:st(t),o=e?.captions??null;return r`
    <p class="hidden" role="status">${s===null?l:n("chat.new",{name:s.name,text:s.text})}</p>
    <p class="hidden" role="status">${o===null||t.talk.hidden?l:o.lines.at(-1)}</p>
    ${s===null||t.tools.panel==="chat"?l:r`<p class="chat-note"><strong>${s.name}</strong> ${s.text}</p>`}
    ${o===null?l:r`<section class="captions" aria-label=${n("captions.title")}>
          <div>
            <p class="captions-name">${n("captions.by",{name:o.name})}</p>
            ${t.talk.hidden?l:o.lines.map(c=>r`<p>${c}</p>`)}
          </div>
          <button type="button" class="captions-hide" @click=${()=>i({type:"captions_hidden"})}>${n(t.talk.hidden?"captions.show":"captions.hide")}</button>
        </section>`}
  `}function Hn(t,e,n){let{t:i}=e,s=t.snapshot?.messages??[],o=t.clinic?.time_zone??"UTC",c=s.find(u=>u.id===t.news);return r`
    <p class="hidden" role="status">${c?i("messages.new",{name:c.name||i("careTeam"),text:qn(c,e)}):l}</p>
    ${s.length>0?r`<section class="messages">
          <h2>${i("messages.title")}</h2>
          <ol>${s.map(u=>_s(u,e,o))}</ol>
        </section>`:l}
    <details class="fold" ?open=${s.length>0}>
      <summary>${i("messages.write")}</summary>
      <form class="fold-body" novalidate @submit=${u=>(u.preventDefault(),n({type:"send_tapped"}))}>
        ${ie(t,e,n,{name:"message",label:i("messages.field"),value:t.draft.message??""})}
        <button class="secondary" type="submit" aria-disabled=${t.sending}>${i(t.sending?"messages.sending":"messages.send")}</button>
      </form>
    </details>
  `}function _s(t,e,n){let{t:i}=e,s=t.read?"messages.read":t.delivered?"messages.delivered":"messages.sent";return r`
    <li class="message ${t.mine?"message-mine":""}">
      <p class="message-head"><strong>${t.mine?i("messages.you"):t.name||H(i("careTeam"))}</strong> <span>${e.time(t.at,n)}</span></p>
      <p class="message-text">${qn(t,e)}</p>
      ${t.mine?r`<p class="message-mark">${i(s)}</p>`:l}
    </li>
  `}function qn({text:t,canned:e},{t:n,has:i}){if(e==="")return t;let s=`messages.canned.${e}`;return n(i(s)?s:"messages.canned.other")}var H=t=>t.charAt(0).toLocaleUpperCase()+t.slice(1);var Wn=(t,e,{t:n},i)=>rt(e)?r`<button type="button" class=${t} id="opens-photo" aria-expanded=${e.photo.open} @click=${()=>i({type:"photo_tapped"})}>${d.photo()}<span>${n("photo.open")}</span></button>`:l;function Vn(t,{t:e},n){let i=ot(t);return i===null?ct(t)?r`<p class="photo-note">${d.check()}<span>${e("photo.sent")}</span></p>`:l:r`
    <div class="photo-note">
      ${d.photo()}
      <p>${e("photo.wanted",{name:i.name})}</p>
      <button class="primary" type="button" @click=${()=>n({type:"photo_tapped"})}>${e("photo.start")}</button>
      <button class="secondary" type="button" @click=${()=>n({type:"photo_later_tapped"})}>${e("photo.later")}</button>
    </div>
  `}var Ss=60;function zn(t,e,n,i){let{t:s}=e,o=t.link==="connected";return r`
    <main class="column">
      <h1 tabindex="-1">${s("waiting.title")}</h1>
      <div role="status">
        ${o?xs(t,e):N(s("banner.drop"))}
        ${o&&t.deviceLost?Fe(t,e,n):l}
      </div>
      <p class="checked">${Es(t,e)}</p>
      ${b(t)==="patient"?As(t,e):l}
      <p>${s("waiting.keep")}</p>
      ${k(t,e)}
      ${b(t)==="patient"?gn(t,e,n):l}
      ${Hn(t,e,n)}
      <div class="waiting-pair">
        ${Ts(t,e,n,i)}
        <section class="tips">
          <h2>${s("waiting.tips")}</h2>
          <ul>
            <li>${d.quiet()}<span>${s("waiting.tip1")}</span></li>
            <li>${d.light()}<span>${s("waiting.tip2")}</span></li>
            ${b(t)==="patient"?r`<li>${d.list()}<span>${s("waiting.tip3")}</span></li>`:l}
          </ul>
        </section>
      </div>
      <div class="actions">
        <button class="secondary" type="button" @click=${()=>n({type:"leave_tapped"})}>${s("waiting.leave")}</button>
      </div>
    </main>
  `}function xs(t,e){let{t:n}=e,i=H(ut(t)||n("careTeam")),{visit:s,next:o,staff_present:c,wishes:u=[]}=t.snapshot??{},a=s?.late_minutes??null,p=b(t)==="patient"&&!u.includes("call")?` ${n("waiting.lateWays")}`:"";return r`
    ${t.returned?r`<p>${n("waiting.returned")}</p>`:l}
    <p class="good knows">${d.full()}<span>${n(c?"waiting.knows":"waiting.listed")}</span></p>
    ${o?r`<p>${n("waiting.next",{name:o.name})}</p>`:l}
    ${a===null||a<=0?l:N(e.count("waiting.late",a,{clinician:i})+p)}
  `}function As({wait:t},e){if(t===null)return r`<p class="line">${e.t("waiting.inLine")}</p>`;let n=t.ahead===null?"":t.ahead===0?e.t("waiting.nobodyAhead"):e.count("waiting.ahead",t.ahead);return r`<p class="line">${e.t("waiting.inLine")} ${Os(t,e)} ${n}</p>`}function Os({low:t,high:e},n){return t>=Ss?n.t("waiting.long"):t<=0?n.count("waiting.less",Math.max(1,e)):t>=e?n.count("waiting.about",e):n.t("waiting.range",{low:t,high:e})}function Es(t,e){if(t.checkedAt===null)return l;let n=Math.max(0,Math.floor((t.now-t.checkedAt)/1e3)),i=n<2?e.t("waiting.checkedNow"):e.count("waiting.checked",n);return t.link==="connected"?`${e.t("waiting.connected")} ${i}`:i}function Ts(t,{t:e},n,i){let{camera:s,microphone:o,picture:c,status:u}=t.devices,a=s&&!t.cameraOff,p=u==="ready"||u==="failed",m=(h,f)=>r`<p class="quiet">${h}<span>${e(f)}</span></p>`;return!a&&!p?l:r`
    <div class="waiting-self">
      ${a?r`<div class="preview preview-small">${i.stage.own}</div>`:m(d.cameraOff(),"waiting.soundOnly")}
      ${p&&!o?m(d.microphoneOff(),"waiting.silent"):l}
      ${o&&t.muted?m(d.microphoneOff(),"waiting.muted"):l}
      ${p&&!t.deviceLost&&(!o||c&&!s)?r`<button class="secondary" type="button" @click=${()=>n({type:"device_fix_tapped"})}>${e("tryAgain")}</button>`:l}
    </div>
  `}function Fe(t,e,n){let{t:i}=e,s=t.devices.problem===null,o=r`
    <div class="ways">
      <button class="primary" type="button" @click=${()=>n({type:"device_fix_tapped"})}>${i(s?"banner.cameraFix":"tryAgain")}</button>
      ${t.devices.picture?r`<button class="secondary" type="button" @click=${()=>n({type:"sound_only_tapped"})}>${i("devices.soundOnlyButton")}</button>`:l}
    </div>
  `;return s?r`<div class="trouble">${d.alert()}<div><p>${i("banner.cameraStopped")}</p>${o}</div></div>`:Ne(t,e,o)}function Gn(t,e,n,i){let{t:s}=e,o=O(t),c=_t(t,s),u=t.muted||!t.devices.microphone,a=p=>{p.type==="photo_tapped"&&t.tools.panel!==null&&n({type:"panel_closed"}),p.type==="panel_tapped"&&t.photo.open&&n({type:"photo_closed"}),n(p),(p.type==="photo_tapped"||p.type==="panel_tapped")&&i.opened?.ask()};return r`
    <main class="call">
      <h1 class="hidden" tabindex="-1">${s("visit.title",{name:c})}</h1>
      <div class="call-bar">
        <div role="status" class="banner">${Ps(t,e,n)}</div>
        ${Is(t,e)}
        <div role="status" class="mate">${o?.microphone===!1?r`<p>${d.microphoneOff()}<span>${s("visit.otherMuted",{name:c})}</span></p>`:l}</div>
        <p class="timer" role="timer" aria-label=${s("visit.timer")}>${We(t.now-(t.startedAt??t.now))}</p>
      </div>
      <div class="call-body">
        <div class="stage">
          ${ws(t,e,i)}
          <div role="status" class="stage-status">${Ds(t,e)}</div>
          ${t.soundBlocked?r`<button class="primary sound-button" type="button" @click=${()=>n({type:"sound_tapped"})}>${d.sound()}${s("visit.tapSound")}</button>`:l}
          ${Cs(t,e,n,i)}
        </div>
        ${Ms(t,e,a,i)}
      </div>
      <div role="status">${Vn(t,e,a)}</div>
      ${Fn(t,W(t),e,n)}
      <div class="controls" role="group" aria-label=${s("visit.controls")}>
        ${oe("mute",u,u?d.microphoneOff():d.microphone(),e,n)}
        ${oe("camera",t.devices.camera&&!t.cameraOff,t.cameraOff||!t.devices.camera?d.cameraOff():d.camera(),e,n)}
        ${En(t.devices)?r`<button type="button" class="control bar-flip" @click=${()=>n({type:"flip_tapped"})}>${d.flip()}<span>${s("visit.flip")}</span></button>`:l}
        ${Wt()?oe("share",t.scene.sharing==="on",d.screen(),e,n):l}
        ${Un(t,W(t),e,a)}
        ${Tn("more",t.tools.panel,On(),s("visit.more"),a)}
        <div class="controls-out">
          <button type="button" class="control control-leave" @click=${()=>n({type:"leave_tapped"})}>${d.leave()}<span>${s("visit.leave")}</span></button>
        </div>
      </div>
    </main>
  `}function ws(t,{t:e},n){let i=M(t)?[]:t.snapshot?.others??[],s=Bn(i,t.snapshot?.media??null,t.scene,O(t)?.id??null,o=>e("visit.screenOf",{name:o}));return jn(s,n.stage,e)}function Ms(t,e,n,i){let s=i.opened?.here??null,o=t.photo.open?"photo":t.tools.panel;return o===null?l:s===null?Rs(o,e,n,i):o==="photo"?s.photoPanel(t,e,n,i):o==="more"?s.more(t,Ls(t),e,n,Wn("tool",t,e,n)):s.chatPanel(t,W(t),t.clinic?.time_zone??"UTC",b(t)!=="patient",e,n)}function Rs(t,e,n,i){let{t:s}=e,o=u=>n(t==="photo"&&u.type==="panel_closed"?{type:"photo_closed"}:u),c=i.opened?.missed===!0;return wn(t,s(t==="photo"?"photo.open":`visit.${t}`),r`
    <div role="status"><p>${s(c?"visit.notLoaded":"moment")}</p></div>
    ${c?r`<button class="primary" type="button" @click=${()=>i.opened?.ask()}>${s("tryAgain")}</button>`:l}
  `,e,o)}function Ls(t){let e=M(t)?null:O(t);return e!==null&&t.scene.pictures.includes(e.id)?e.id:null}function Is({snapshot:t,media:e},{t:n}){let i=t?.media?.quality??null;return i===null||e!=="connected"?l:r`<p class="own-line">${Ue(i,n)}</p>`}function Ps(t,e,n){let i=pt(t);return i===null?l:i==="device"?Fe(t,e,n):r`<p>${d.alert()}<span>${e.t(`banner.${i}`,{name:O(t)?.name??""})}</span></p>`}var Ns={otherPaused:"visit.otherPaused",steppedOut:"visit.steppedOut",nobody:"visit.nobody",otherDrop:"banner.otherDrop",otherCameraOff:"visit.otherCameraOff",noPicture:"banner.noPicture",comingIn:"visit.comingIn",handedOver:"visit.handedOver",onHold:"visit.onHold",letIn:"visit.letIn",otherHeld:"visit.otherHeld"};function Ds(t,{t:e}){let n=dt(t);if(n===null||!M(t)&&(t.snapshot?.others.length??0)>1)return l;let i=M(t)?t.lastOther??H(e("careTeam")):O(t)?.name??t.lastOther??"",s=t.snapshot?.next?.name??"",o=n==="handedOver"&&(t.lastOther??s)===s?"visit.handedOverTo":Ns[n];return r`<p class="stage-words">${e(o,{name:i,next:s,phone:t.clinic?.phone??""})}</p>`}function Cs(t,{t:e},n,i){let s=t.devices.camera&&!t.cameraOff;return r`
    <div class="self self-${t.corner}">
      ${s?r`<div class="self-picture">${i.stage.own}</div>`:l}
      <div class="self-notes">
        ${s?l:r`<p>${d.cameraOff()}<span>${e("visit.cameraOff")}</span></p>`}
        ${s&&ht(t)?r`<p>${d.cameraOff()}<span>${e("visit.youPaused")}</span></p>`:l}
        ${t.muted?r`<p>${d.microphoneOff()}<span>${e("visit.youMuted")}</span></p>`:l}
        ${at(t)?r`<p>${d.microphoneOff()}<span>${e("waiting.silent")}</span></p>`:l}
        ${t.scene.sharing==="on"?r`<p>${d.screen()}<span>${e("visit.youShare")}</span></p>`:l}
      </div>
      <button type="button" class="self-move" aria-label=${e("visit.moveSelf")} @click=${()=>n({type:"corner_tapped"})}>${d.corner()}</button>
    </div>
  `}var js={confirm:un,devices:$n,sound:An,checkin:an,waiting:zn,visit:Gn,ended:kn,callMe:bn,hear:Sn};var Bs={none:"none",other:"none",bandwidth:"network",cpu:"cpu"},Us=3e3,Fs=3e3,Hs=352*288,qs=400;function Kn(t,e){let n={at:e,lost:0,received:0,bytes:0,jitter_ms:null,rtt_ms:null,frames_per_s:null,available_kbps:null,allotted:null,pixels:0,limited:null};for(let i of t.values())i.type==="inbound-rtp"?Ws(n,i):i.type==="outbound-rtp"&&i.kind==="video"&&i.framesSent>0?Vs(n,i):i.type==="candidate-pair"&&i.nominated&&zs(n,i);return n}function Yn(t){let e=t.at(-1);if(e===void 0)return{loss:null,jitter_ms:null,kbps:null,rtt_ms:null,frames_per_s:null,available_kbps:null,limited:null};let{jitter_ms:n,rtt_ms:i,frames_per_s:s}=e,o=[...t].reverse().find(({at:y})=>e.at-y>=Us)??t[0]??e,c=y=>e.at>o.at?y*8/(e.at-o.at):null,u=c(e.bytes-o.bytes),a=e.allotted===null?null:c(e.allotted-(o.allotted??0)),p=e.pixels<=Hs&&(a??0)>=qs,m=e.available_kbps??(p?null:a),h=e.limited??(p?"none":null),f=t.find(({at:y})=>y-(t[0]?.at??y)>=Fs&&y<e.at)??{lost:0,received:0},$=Math.max(0,e.lost-f.lost),v=e.received-f.received+$;return{loss:v>0?$/v:null,jitter_ms:n,kbps:u,rtt_ms:i,frames_per_s:s,available_kbps:m,limited:h}}function Ws(t,e){t.lost+=Math.max(0,e.packetsLost??0),t.received+=e.packetsReceived??0,t.bytes+=e.bytesReceived??0,e.packetsReceived>0&&e.jitter!==void 0&&(t.jitter_ms=Math.max(t.jitter_ms??0,e.jitter*1e3)),e.kind==="video"&&e.framesPerSecond!==void 0&&(t.frames_per_s=e.framesPerSecond)}function Vs(t,e){t.limited=Bs[e.qualityLimitationReason]??null,t.pixels=Math.max(t.pixels,(e.frameWidth??0)*(e.frameHeight??0)),e.totalEncodedBytesTarget>0&&(t.allotted=(t.allotted??0)+e.totalEncodedBytesTarget)}function zs(t,e){e.currentRoundTripTime!==void 0&&(t.rtt_ms=e.currentRoundTripTime*1e3),e.availableOutgoingBitrate!==void 0&&(t.available_kbps=e.availableOutgoingBitrate/1e3)}var Gs=8e3,Ks=11e3,Ys=500,Js=new Set(["good","fair","poor","untested"]),ae=class{#e;#t;#n;#i=S(null).figures;#a=[];#h=Date.now();#c=null;#o=!1;#l=!1;#s=!1;#u=!1;#d;constructor(e,n,i){this.#e=i,this.#n=new T({sendAnswer:s=>this.#t.request("media.answer",s),sendRestart:s=>this.#t.request("media.restart",s),onStatus:s=>this.#m(s),onRemotes:s=>i.onRemotes?.(s),connect:s=>(this.#a=[],new RTCPeerConnection(s))}),this.#n.setTracks({...n,screen:null}),this.#t=new j("/test",e,ue.testSnapshot,{onSnapshot:s=>{this.#o=!0,this.#n.sync(s.media)},onEnd:s=>this.#r(s),onStatus:()=>{}}),this.#d=setInterval(()=>{this.#$()},Ys)}get stats(){return this.#i}stop(){this.#u=this.#s=!0,clearInterval(this.#d),this.#n.close(),this.#t.close()}#m(e){e==="connected"&&(this.#c??=Date.now()),this.#u||this.#e.onStatus?.(e)}#r(e){this.#u||(this.#p(this.#c===null&&this.#o?"blocked":"untested",null),this.stop(),this.#e.onOver?.(e))}async#$(){let e=await this.#n.report();if(this.#i=S(e,{figures:this.#i}).figures,this.#l||this.#s)return;let n=Date.now();e!==null&&this.#c!==null&&this.#a.push(Kn(e,n)),(this.#c!==null&&n-this.#c>=Gs||n-this.#h>=Ks)&&await this.#f()}async#f(){if(this.#c===null)return this.#p(this.#o?"blocked":"untested",null);this.#l=!0;let e=await this.#t.request("test.report",{...Yn(this.#a)});"ok"in e&&q(ue.testVerdict,e.ok)===null&&Js.has(e.ok.verdict)?this.#p(e.ok.verdict,e.ok):this.#p("untested",null)}#p(e,n){this.#s||(this.#s=!0,this.#e.onResult(e,n))}};var Xs="echo-sound",He=class{#e;#t;#n;#i=null;#a=new Set;#h=!1;#c=null;#o=new Audio;constructor(e,n,i){this.#e=e,this.#t=n,this.#n=i}run(e){switch(e.type){case"testNetwork":return this.#l("network",e.token);case"callEcho":return this.#l("echo",e.token);case"playEcho":return this.#m();case"endNetworkTest":return this.#s("network");case"endEcho":return this.#s("echo")}}#l(e,n){this.#a.add(e),e==="echo"&&this.#t.add(this.#o),this.#i??=this.#u(n??""),this.#m()}#s(e){this.#a.delete(e),e==="echo"&&(this.#o.srcObject=null,this.#t.remove(this.#o)),!(this.#a.size>0)&&(this.#i?.stop(),this.#d())}#u(e){let{audio:n,camera:i}=this.#e();return new ae(e,{audio:n,camera:this.#a.has("network")?i:null},{onResult:s=>{this.#n({type:"network_tested",result:s}),s==="blocked"&&this.#n({type:"echo_over",code:s})},onStatus:s=>{this.#h=s==="connected",this.#m()},onRemotes:s=>{this.#c=s.find(({participant:o})=>o===Xs)?.stream??null,this.#m()},onOver:s=>{this.#d(),this.#n({type:"echo_over",code:s})}})}#d(){this.#i=this.#c=null,this.#h=!1}#m(){!this.#a.has("echo")||!this.#h||this.#c===null||(this.#o.srcObject!==this.#c&&(this.#o.srcObject=this.#c),this.#o.play().then(()=>this.#n({type:"echo_came"}),e=>e?.name==="NotAllowedError"&&this.#n({type:"sound_refused"})))}};export{Jn as a,ye as b,oo as c,ro as d,ke as e,Wt as f,Oe as g,Oi as h,j as i,En as j,wn as k,vc as l,se as m,dn as n,we as o,js as p,He as q};
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
