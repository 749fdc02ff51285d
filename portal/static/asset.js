import{a as R,b as ie,c as Ei,d as Ds}from"./chunk-XQWOGJL6.js";import{c as Rs}from"./chunk-QEYAID53.js";import"./chunk-SQE76S5B.js";var kt=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},Lt=class extends kt{},It=class extends Lt{constructor(){super(...arguments),this.role=null}},fi=class{observe(){}unobserve(){}disconnect(){}},Os={createElement:function(){return new it.HTMLElement},createElementNS:function(){return new it.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(i){return!1}},it={ResizeObserver:fi,document:Os,Node:Lt,Element:It,HTMLElement:class extends It{constructor(){super(...arguments),this.innerHTML=""}get content(){return new it.DocumentFragment}},DocumentFragment:class extends kt{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(i){return null},setItem(i,e){},removeItem(i){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(i){return{matches:!1,media:i}},DOMParser:class{parseFromString(e,t){return{body:{textContent:e}}}}},Cs="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",Us=Object.keys(it).every(i=>i in globalThis),d=Cs&&!Us?it:globalThis,F=Cs&&!Us?Os:globalThis.document;var b={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},w={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},vi={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},xs=Object.entries(vi),m=xs.reduce((i,[e,t])=>(i[e]=t.toLowerCase(),i),{}),pn={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},Te=xs.reduce((i,[e,t])=>(i[e]=t.toLowerCase(),i),{...pn}),Hr=Object.entries(Te).reduce((i,[e,t])=>{let s=m[e];return s&&(i[t]=s),i},{userinactivechange:"userinactive"}),Ps=Object.entries(m).reduce((i,[e,t])=>{let s=Te[e];return s&&(i[t]=s),i},{userinactive:"userinactivechange"}),K={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},ue={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var wt={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},q={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},Q={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Ns={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var Fs=new WeakMap,_i=i=>{let e=Fs.get(i);return e||Fs.set(i,e=new Set),e},Hs=new d.ResizeObserver(i=>{for(let e of i)for(let t of _i(e.target))t(e)});function Bs(i,e){_i(i).add(e),Hs.observe(i)}function $s(i,e){let t=_i(i);t.delete(e),t.size||Hs.unobserve(i)}function W(i){let e={};for(let t of i)e[t.name]=t.value;return e}function Vs(i){var e;return(e=En(i))!=null?e:Ue(i,"media-controller")}function En(i){var e;let{MEDIA_CONTROLLER:t}=w,s=i.getAttribute(t);if(s)return(e=fn(i))==null?void 0:e.getElementById(s)}var he=(i,e)=>!i||!e?!1:i?.contains(e)?!0:he(i,e.getRootNode().host),Ue=(i,e)=>{if(!i)return null;let t=i.closest(e);return t||Ue(i.getRootNode().host,e)};function gi(i=document){var e;let t=i?.activeElement;return t?(e=gi(t.shadowRoot))!=null?e:t:null}function fn(i){var e;let t=(e=i?.getRootNode)==null?void 0:e.call(i);return t instanceof ShadowRoot||t instanceof Document?t:null}function Ks(i,{depth:e=3,checkOpacity:t=!0,checkVisibilityCSS:s=!0}={}){if(i.checkVisibility)return i.checkVisibility({checkOpacity:t,checkVisibilityCSS:s});let o=i;for(;o&&e>0;){let n=getComputedStyle(o);if(t&&n.opacity==="0"||s&&n.visibility==="hidden"||n.display==="none")return!1;o=o.parentElement,e--}return!0}function xe(i,e){let t=vn(i,s=>s===e);return t||_n(i,e)}function vn(i,e){var t,s;let o;for(o of(t=i.querySelectorAll("style:not([media])"))!=null?t:[]){let n;try{n=(s=o.sheet)==null?void 0:s.cssRules}catch{continue}for(let r of n??[])if(e(r.selectorText))return r}}function _n(i,e){var t,s;let o=(t=i.querySelectorAll("style:not([media])"))!=null?t:[],n=o?.[o.length-1];if(!n?.sheet)return console.warn("Media Chrome: No style sheet found on style tag of",i),{style:{setProperty:()=>{},removeProperty:()=>"",getPropertyValue:()=>""}};let r=n?.sheet.insertRule(`${e}{}`,n.sheet.cssRules.length);return(s=n.sheet.cssRules)==null?void 0:s[r]}function Mt(i,e,t=Number.NaN){let s=i.getAttribute(e);return s!=null?+s:t}function Rt(i,e,t){let s=+t;if(t==null||Number.isNaN(s)){i.hasAttribute(e)&&i.removeAttribute(e);return}Mt(i,e,void 0)!==s&&i.setAttribute(e,`${s}`)}function k(i,e){return i.hasAttribute(e)}function L(i,e,t){if(t==null){i.hasAttribute(e)&&i.removeAttribute(e);return}k(i,e)!=t&&i.toggleAttribute(e,t)}function U(i,e,t=null){var s;return(s=i.getAttribute(e))!=null?s:t}function D(i,e,t){if(t==null){i.hasAttribute(e)&&i.removeAttribute(e);return}let s=`${t}`;U(i,e,void 0)!==s&&i.setAttribute(e,s)}var qs=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},j=(i,e,t)=>(qs(i,e,"read from private field"),t?t.call(i):e.get(i)),gn=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},Dt=(i,e,t,s)=>(qs(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),B;function bn(i){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var Pe=class extends d.HTMLElement{constructor(){if(super(),gn(this,B,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=W(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER,m.MEDIA_PAUSED]}attributeChangedCallback(e,t,s){var o,n,r,l,a;e===w.MEDIA_CONTROLLER&&(t&&((n=(o=j(this,B))==null?void 0:o.unassociateElement)==null||n.call(o,this),Dt(this,B,null)),s&&this.isConnected&&(Dt(this,B,(r=this.getRootNode())==null?void 0:r.getElementById(s)),(a=(l=j(this,B))==null?void 0:l.associateElement)==null||a.call(l,this)))}connectedCallback(){var e,t;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),Dt(this,B,Tn(this)),this.getAttribute(w.MEDIA_CONTROLLER)&&((t=(e=j(this,B))==null?void 0:e.associateElement)==null||t.call(e,this)),j(this,B)&&(j(this,B).addEventListener("pointerdown",this),j(this,B).addEventListener("click",this),j(this,B).hasAttribute("tabindex")||(j(this,B).tabIndex=0))}disconnectedCallback(){var e,t,s,o;this.getAttribute(w.MEDIA_CONTROLLER)&&((t=(e=j(this,B))==null?void 0:e.unassociateElement)==null||t.call(e,this)),(s=j(this,B))==null||s.removeEventListener("pointerdown",this),(o=j(this,B))==null||o.removeEventListener("click",this),Dt(this,B,null)}handleEvent(e){var t;let s=(t=e.composedPath())==null?void 0:t[0];if(["video","media-controller"].includes(s?.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:n,clientY:r}=e,{left:l,top:a,width:E,height:f}=this.getBoundingClientRect(),v=n-l,p=r-a;if(v<0||p<0||v>E||p>f||E===0&&f===0)return;let u=this._pointerType||"mouse";if(this._pointerType=void 0,u===wt.TOUCH){this.handleTap(e);return}else if(u===wt.MOUSE||u===wt.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return k(this,m.MEDIA_PAUSED)}set mediaPaused(e){L(this,m.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let t=this.mediaPaused?b.MEDIA_PLAY_REQUEST:b.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(t,{composed:!0,bubbles:!0}))}};B=new WeakMap;Pe.shadowRootOptions={mode:"open"};Pe.getTemplateHTML=bn;function Tn(i){var e;let t=i.getAttribute(w.MEDIA_CONTROLLER);return t?(e=i.getRootNode())==null?void 0:e.getElementById(t):Ue(i,"media-controller")}d.customElements.get("media-gesture-receiver")||d.customElements.define("media-gesture-receiver",Pe);var bi=Pe;var Ws={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var Gs,Ne={en:Ws},Fe=((Gs=globalThis.navigator)==null?void 0:Gs.language)||"en",Qs=i=>{Fe=i},Ot=(i,e)=>{Ne[i]=e},An=i=>{var e,t,s;let[o]=Fe.split("-");return((e=Ne[Fe])==null?void 0:e[i])||((t=Ne[o])==null?void 0:t[i])||((s=Ne.en)==null?void 0:s[i])||i},Ys=()=>{let[i]=Fe.split("-");return Ne[Fe]?Fe:Ne[i]?i:"en"},P=(i,e={})=>An(i).replace(/\{(\w+)\}/g,(t,s)=>s in e?String(e[s]):`{${s}}`);var yi=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},O=(i,e,t)=>(yi(i,e,"read from private field"),t?t.call(i):e.get(i)),V=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},J=(i,e,t,s)=>(yi(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),ee=(i,e,t)=>(yi(i,e,"access private method"),t),st,xt,He,Ve,$e,Ti,Be,Ct,Ai,zs,Si,Xs,ot,Pt,Nt,ki,Ke,nt,me,Ut,A={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function Sn(i){return`
    <style>
      
      :host([${m.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${A.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${A.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${A.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${A.AUDIO}])[${A.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${A.AUDIO}])[${A.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${A.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${A.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${A.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${A.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${A.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${A.USER_INACTIVE}]:not([${m.MEDIA_PAUSED}]):not([${m.MEDIA_IS_AIRPLAYING}]):not([${m.MEDIA_IS_CASTING}]):not([${A.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${A.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${A.USER_INACTIVE}]:not([${A.NO_AUTOHIDE}]):not([${m.MEDIA_PAUSED}]):not([${m.MEDIA_IS_CASTING}]):not([${A.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${A.USER_INACTIVE}][${A.AUTOHIDE_OVER_CONTROLS}]:not([${A.NO_AUTOHIDE}]):not([${m.MEDIA_PAUSED}]):not([${m.MEDIA_IS_CASTING}]):not([${A.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${A.AUDIO}])[${m.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${A.AUDIO}])[${m.MEDIA_STREAM_TYPE}="${Q.ON_DEMAND}"][${m.MEDIA_CURRENT_TIME}]:not([${m.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${bi.shadowRootOptions.mode}">
          ${bi.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var yn=Object.values(m),kn="sm:384 md:576 lg:768 xl:960";function Ln(i){Zs(i.target,i.contentRect.width)}function Zs(i,e){var t;if(!i.isConnected)return;let s=(t=i.getAttribute(A.BREAKPOINTS))!=null?t:kn,o=In(s),n=wn(o,e),r=!1;if(Object.keys(o).forEach(l=>{if(n.includes(l)){i.hasAttribute(`breakpoint${l}`)||(i.setAttribute(`breakpoint${l}`,""),r=!0);return}i.hasAttribute(`breakpoint${l}`)&&(i.removeAttribute(`breakpoint${l}`),r=!0)}),r){let l=new CustomEvent(Te.BREAKPOINTS_CHANGE,{detail:n});i.dispatchEvent(l)}i.breakpointsComputed||(i.breakpointsComputed=!0,i.dispatchEvent(new CustomEvent(Te.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function In(i){let e=i.split(/\s+/);return Object.fromEntries(e.map(t=>t.split(":")))}function wn(i,e){return Object.keys(i).filter(t=>e>=parseInt(i[t]))}var Ae=class extends d.HTMLElement{constructor(){if(super(),V(this,Ai),V(this,Si),V(this,ot),V(this,Nt),V(this,Ke),V(this,st,void 0),V(this,xt,0),V(this,He,null),V(this,Ve,null),V(this,$e,void 0),this.breakpointsComputed=!1,V(this,Ti,e=>{let t=this.media;for(let s of e){if(s.type!=="childList")continue;let o=s.removedNodes;for(let n of o){if(n.slot!="media"||s.target!=this)continue;let r=s.previousSibling&&s.previousSibling.previousElementSibling;if(!r||!t)this.mediaUnsetCallback(n);else{let l=r.slot!=="media";for(;(r=r.previousSibling)!==null;)r.slot=="media"&&(l=!1);l&&this.mediaUnsetCallback(n)}}if(t)for(let n of s.addedNodes)n===t&&this.handleMediaUpdated(t)}}),V(this,Be,!1),V(this,Ct,e=>{O(this,Be)||(setTimeout(()=>{Ln(e),J(this,Be,!1)},0),J(this,Be,!0))}),V(this,me,void 0),V(this,Ut,()=>{if(!O(this,me).assignedElements({flatten:!0}).length){O(this,He)&&this.mediaUnsetCallback(O(this,He));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=W(this.attributes),t=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(t):this.shadowRoot.innerHTML=t}J(this,st,new MutationObserver(O(this,Ti)))}static get observedAttributes(){return[A.AUTOHIDE,A.GESTURES_DISABLED].concat(yn).filter(e=>![m.MEDIA_RENDITION_LIST,m.MEDIA_AUDIO_TRACK_LIST,m.MEDIA_CHAPTERS_CUES,m.MEDIA_WIDTH,m.MEDIA_HEIGHT,m.MEDIA_ERROR,m.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,t,s){e.toLowerCase()==A.AUTOHIDE&&(this.autohide=s)}get media(){let e=this.querySelector(":scope > [slot=media]");return e?.nodeName=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(J(this,He,e),e.localName.includes("-")&&await d.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;O(this,st).observe(this,{childList:!0,subtree:!0}),Bs(this,O(this,Ct));let s=this.getAttribute(A.AUDIO)!=null?P("audio player"):P("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",s),this.handleMediaUpdated(this.media),this.setAttribute(A.USER_INACTIVE,""),Zs(this,this.getBoundingClientRect().width);let o=this.querySelector(":scope > slot[slot=media]");o&&(J(this,me,o),O(this,me).addEventListener("slotchange",O(this,Ut))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=d.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;$s(this,O(this,Ct)),clearTimeout(O(this,Ve)),O(this,st).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=d.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),O(this,me)&&(O(this,me).removeEventListener("slotchange",O(this,Ut)),J(this,me,null)),J(this,Be,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){J(this,He,null)}handleEvent(e){switch(e.type){case"pointerdown":J(this,xt,e.timeStamp);break;case"pointermove":ee(this,Ai,zs).call(this,e);break;case"pointerup":ee(this,Si,Xs).call(this,e);break;case"mouseleave":ee(this,ot,Pt).call(this);break;case"mouseup":this.removeAttribute(A.KEYBOARD_CONTROL);break;case"keyup":ee(this,Ke,nt).call(this),this.setAttribute(A.KEYBOARD_CONTROL,"");break}}set autohide(e){let t=Number(e);J(this,$e,isNaN(t)?0:t)}get autohide(){return(O(this,$e)===void 0?2:O(this,$e)).toString()}get breakpoints(){return U(this,A.BREAKPOINTS)}set breakpoints(e){D(this,A.BREAKPOINTS,e)}get audio(){return k(this,A.AUDIO)}set audio(e){L(this,A.AUDIO,e)}get gesturesDisabled(){return k(this,A.GESTURES_DISABLED)}set gesturesDisabled(e){L(this,A.GESTURES_DISABLED,e)}get keyboardControl(){return k(this,A.KEYBOARD_CONTROL)}set keyboardControl(e){L(this,A.KEYBOARD_CONTROL,e)}get noAutohide(){return k(this,A.NO_AUTOHIDE)}set noAutohide(e){L(this,A.NO_AUTOHIDE,e)}get autohideOverControls(){return k(this,A.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){L(this,A.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return k(this,A.USER_INACTIVE)}set userInteractive(e){L(this,A.USER_INACTIVE,e)}};st=new WeakMap;xt=new WeakMap;He=new WeakMap;Ve=new WeakMap;$e=new WeakMap;Ti=new WeakMap;Be=new WeakMap;Ct=new WeakMap;Ai=new WeakSet;zs=function(i){if(i.pointerType!=="mouse"&&i.timeStamp-O(this,xt)<250)return;ee(this,Nt,ki).call(this),clearTimeout(O(this,Ve));let e=this.hasAttribute(A.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(i.target)||e)&&ee(this,Ke,nt).call(this)};Si=new WeakSet;Xs=function(i){if(i.pointerType==="touch"){let e=!this.hasAttribute(A.USER_INACTIVE);[this,this.media].includes(i.target)&&e?ee(this,ot,Pt).call(this):ee(this,Ke,nt).call(this)}else i.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e?.localName))&&ee(this,Ke,nt).call(this)};ot=new WeakSet;Pt=function(){if(O(this,$e)<0||this.hasAttribute(A.USER_INACTIVE))return;this.setAttribute(A.USER_INACTIVE,"");let i=new d.CustomEvent(Te.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(i)};Nt=new WeakSet;ki=function(){if(!this.hasAttribute(A.USER_INACTIVE))return;this.removeAttribute(A.USER_INACTIVE);let i=new d.CustomEvent(Te.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(i)};Ke=new WeakSet;nt=function(){ee(this,Nt,ki).call(this),clearTimeout(O(this,Ve));let i=parseInt(this.autohide);i<0||J(this,Ve,setTimeout(()=>{ee(this,ot,Pt).call(this)},i*1e3))};me=new WeakMap;Ut=new WeakMap;Ae.shadowRootOptions={mode:"open"};Ae.getTemplateHTML=Sn;d.customElements.get("media-container")||d.customElements.define("media-container",Ae);var Oi=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},ye=(i,e,t)=>(Oi(i,e,"read from private field"),t?t.call(i):e.get(i)),ae=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},Ci=(i,e,t,s)=>(Oi(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),Se=(i,e,t)=>(Oi(i,e,"access private method"),t),Ht,at,ke,Ft,Li,Ii,js,wi,Js,Mi,eo,Ri,to,Di,io;function Mn(i){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(i)}
  `}function Rn(i){return`
    <slot id="content"></slot>
  `}var rt={OPEN:"open",ANCHOR:"anchor"},pe=class extends d.HTMLElement{constructor(){super(),ae(this,Ft),ae(this,Ii),ae(this,wi),ae(this,Mi),ae(this,Ri),ae(this,Di),ae(this,Ht,!1),ae(this,at,null),ae(this,ke,null)}static get observedAttributes(){return[rt.OPEN,rt.ANCHOR]}get open(){return k(this,rt.OPEN)}set open(e){L(this,rt.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":Se(this,Mi,eo).call(this,e);break;case"focusout":Se(this,Ri,to).call(this,e);break;case"keydown":Se(this,Di,io).call(this,e);break}}connectedCallback(){Se(this,Ft,Li).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,t,s){Se(this,Ft,Li).call(this),e===rt.OPEN&&s!==t&&(this.open?Se(this,Ii,js).call(this):Se(this,wi,Js).call(this))}focus(){Ci(this,at,gi());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),t=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||t)return;let s=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');s?.focus()}get keysUsed(){return["Escape","Tab"]}};Ht=new WeakMap;at=new WeakMap;ke=new WeakMap;Ft=new WeakSet;Li=function(){if(!ye(this,Ht)&&(Ci(this,Ht,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let i=W(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(i),queueMicrotask(()=>{let{style:e}=xe(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};Ii=new WeakSet;js=function(){var i;(i=ye(this,ke))==null||i.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};wi=new WeakSet;Js=function(){var i;(i=ye(this,ke))==null||i.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};Mi=new WeakSet;eo=function(i){Ci(this,ke,i.relatedTarget),he(this,i.relatedTarget)||(this.open=!this.open)};Ri=new WeakSet;to=function(i){var e;he(this,i.relatedTarget)||((e=ye(this,at))==null||e.focus(),ye(this,ke)&&ye(this,ke)!==i.relatedTarget&&this.open&&(this.open=!1))};Di=new WeakSet;io=function(i){var e,t,s,o,n;let{key:r,ctrlKey:l,altKey:a,metaKey:E}=i;l||a||E||this.keysUsed.includes(r)&&(i.preventDefault(),i.stopPropagation(),r==="Tab"?(i.shiftKey?(t=(e=this.previousElementSibling)==null?void 0:e.focus)==null||t.call(e):(o=(s=this.nextElementSibling)==null?void 0:s.focus)==null||o.call(s),this.blur()):r==="Escape"&&((n=ye(this,at))==null||n.focus(),this.open=!1))};pe.shadowRootOptions={mode:"open"};pe.getTemplateHTML=Mn;pe.getSlotTemplateHTML=Rn;d.customElements.get("media-chrome-dialog")||d.customElements.define("media-chrome-dialog",pe);var Dn=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},Ee=(i,e,t)=>(Dn(i,e,"read from private field"),t?t.call(i):e.get(i)),so=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},qe,We,lt={HOTKEYS:"hotkeys"},On=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"\u2190"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"\u2192"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"\u2191"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"\u2193"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function $t(i){return i===" "?"nospace":`no${i.toLowerCase()}`}function Cn(i){let e=new Set(i?.split(/\s+/));return On.map(({keys:t,description:s})=>({keys:t.filter(({key:o})=>!e.has($t(o))),description:s})).filter(({keys:t})=>t.length)}function Un(i){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${oo(i[lt.HOTKEYS])}
    </slot>
  `}function oo(i){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${Cn(i).map(({keys:t,description:s})=>`
        <tr>
          <td>
            <div class="key-combo">${t.map(({key:n,label:r=n},l)=>l>0?`<span class="key-separator">or</span><span class="key">${r}</span>`:`<span class="key">${r}</span>`).join("")}</div>
          </td>
          <td class="description">${s}</td>
        </tr>
      `).join("")}</table>
  `}var Bt=class extends pe{constructor(){super(...arguments),so(this,qe,e=>{var t;if(!this.open)return;let s=(t=this.shadowRoot)==null?void 0:t.querySelector("#content");if(!s)return;let o=e.composedPath(),n=o[0]===this||o.includes(this),r=o.includes(s);n&&!r&&(this.open=!1)}),so(this,We,e=>{if(!this.open)return;let t=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||t)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,lt.HOTKEYS]}get hotkeys(){var e;return(e=U(this,lt.HOTKEYS))!=null?e:void 0}set hotkeys(e){D(this,lt.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",Ee(this,qe)),document.addEventListener("keydown",Ee(this,We)))}disconnectedCallback(){this.removeEventListener("click",Ee(this,qe)),document.removeEventListener("keydown",Ee(this,We))}attributeChangedCallback(e,t,s){var o;if(super.attributeChangedCallback(e,t,s),e==="open")this.open?(this.addEventListener("click",Ee(this,qe)),document.addEventListener("keydown",Ee(this,We))):(this.removeEventListener("click",Ee(this,qe)),document.removeEventListener("keydown",Ee(this,We)));else if(e===lt.HOTKEYS&&s!==t){let n=(o=this.shadowRoot)==null?void 0:o.querySelector("#content");n&&(n.innerHTML=oo(s))}}};qe=new WeakMap;We=new WeakMap;Bt.getSlotTemplateHTML=Un;d.customElements.get("media-keyboard-shortcuts-dialog")||d.customElements.define("media-keyboard-shortcuts-dialog",Bt);var no=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},H=(i,e,t)=>(no(i,e,"read from private field"),t?t.call(i):e.get(i)),dt=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},Vt=(i,e,t,s)=>(no(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),Ge,Qe,Kt,Le,le,fe,qt=class{constructor(e,t,{defaultValue:s}={defaultValue:void 0}){dt(this,le),dt(this,Ge,void 0),dt(this,Qe,void 0),dt(this,Kt,void 0),dt(this,Le,new Set),Vt(this,Ge,e),Vt(this,Qe,t),Vt(this,Kt,new Set(s))}[Symbol.iterator](){return H(this,le,fe).values()}get length(){return H(this,le,fe).size}get value(){var e;return(e=[...H(this,le,fe)].join(" "))!=null?e:""}set value(e){var t;e!==this.value&&(Vt(this,Le,new Set),this.add(...(t=e?.split(" "))!=null?t:[]))}toString(){return this.value}item(e){return[...H(this,le,fe)][e]}values(){return H(this,le,fe).values()}forEach(e,t){H(this,le,fe).forEach(e,t)}add(...e){var t,s;e.forEach(o=>H(this,Le).add(o)),!(this.value===""&&!((t=H(this,Ge))!=null&&t.hasAttribute(`${H(this,Qe)}`)))&&((s=H(this,Ge))==null||s.setAttribute(`${H(this,Qe)}`,`${this.value}`))}remove(...e){var t;e.forEach(s=>H(this,Le).delete(s)),(t=H(this,Ge))==null||t.setAttribute(`${H(this,Qe)}`,`${this.value}`)}contains(e){return H(this,le,fe).has(e)}toggle(e,t){return typeof t<"u"?t?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,t){return this.remove(e),this.add(t),e===t}};Ge=new WeakMap;Qe=new WeakMap;Kt=new WeakMap;Le=new WeakMap;le=new WeakSet;fe=function(){return H(this,Le).size?H(this,Le):H(this,Kt)};function ro(i){return i?.map(xn).join(" ")}function xn(i){if(i){let{id:e,width:t,height:s}=i;return[e,t,s].filter(o=>o!=null).join(":")}}function ao(i){return i?.map(Pn).join(" ")}function Pn(i){if(i){let{id:e,kind:t,language:s,label:o}=i;return[e,t,s,o].filter(n=>n!=null).join(":")}}function lo(i){return typeof i=="number"&&!Number.isNaN(i)&&Number.isFinite(i)}var Wt=i=>new Promise(e=>setTimeout(e,i));var Nn=(i="")=>i.split(/\s+/),co=(i="")=>{let[e,t,s]=i.split(":"),o=s?decodeURIComponent(s):void 0;return{kind:e==="cc"?K.CAPTIONS:K.SUBTITLES,language:t,label:o}},Ui=(i="",e={})=>Nn(i).map(t=>{let s=co(t);return{...e,...s}}),xi=i=>i?Array.isArray(i)?i.map(e=>typeof e=="string"?co(e):e):typeof i=="string"?Ui(i):[i]:[],Fn=({kind:i,label:e,language:t}={kind:"subtitles"})=>e?`${i==="captions"?"cc":"sb"}:${t}:${encodeURIComponent(e)}`:t,ct=(i=[])=>Array.prototype.map.call(i,Fn).join(" "),Hn=(i,e)=>t=>t[i]===e,uo=i=>{let e=Object.entries(i).map(([t,s])=>Hn(t,s));return t=>e.every(s=>s(t))},Ie=(i,e=[],t=[])=>{let s=xi(t).map(uo),o=n=>s.some(r=>r(n));Array.from(e).filter(o).forEach(n=>{n.mode=i})},we=(i,e=()=>!0)=>{if(!i?.textTracks)return[];let t=typeof e=="function"?e:uo(e);return Array.from(i.textTracks).filter(t)},ho=i=>{var e;return!!((e=i.mediaSubtitlesShowing)!=null&&e.length)||i.hasAttribute(m.MEDIA_SUBTITLES_SHOWING)};var po=i=>{var e;let{media:t,fullscreenElement:s}=i;try{let o=s&&"requestFullscreen"in s?"requestFullscreen":s&&"webkitRequestFullScreen"in s?"webkitRequestFullScreen":void 0;if(o){let n=(e=s[o])==null?void 0:e.call(s);if(n instanceof Promise)return n.catch(()=>{})}else t?.webkitEnterFullscreen?t.webkitEnterFullscreen():t?.requestFullscreen&&t.requestFullscreen()}catch(o){console.error(o)}},mo="exitFullscreen"in F?"exitFullscreen":"webkitExitFullscreen"in F?"webkitExitFullscreen":"webkitCancelFullScreen"in F?"webkitCancelFullScreen":void 0,Eo=i=>{var e;let{documentElement:t}=i;if(mo){let s=(e=t?.[mo])==null?void 0:e.call(t);if(s instanceof Promise)return s.catch(()=>{})}},ut="fullscreenElement"in F?"fullscreenElement":"webkitFullscreenElement"in F?"webkitFullscreenElement":void 0,Bn=i=>{let{documentElement:e,media:t}=i,s=e?.[ut];return!s&&"webkitDisplayingFullscreen"in t&&"webkitPresentationMode"in t&&t.webkitDisplayingFullscreen&&t.webkitPresentationMode===Ns.FULLSCREEN?t:s},fo=i=>{var e;let{media:t,documentElement:s,fullscreenElement:o=t}=i;if(!t||!s)return!1;let n=Bn(i);if(!n)return!1;if(n===o||n===t)return!0;if(n.localName.includes("-")){let r=n.shadowRoot;if(!(ut in r))return he(n,o);for(;r?.[ut];){if(r[ut]===o)return!0;r=(e=r[ut])==null?void 0:e.shadowRoot}}return!1},$n="fullscreenEnabled"in F?"fullscreenEnabled":"webkitFullscreenEnabled"in F?"webkitFullscreenEnabled":void 0,vo=i=>{let{documentElement:e,media:t}=i;return!!e?.[$n]||t&&"webkitSupportsFullscreen"in t};var Gt,Pi=()=>{var i,e;return Gt||(Gt=(e=(i=F)==null?void 0:i.createElement)==null?void 0:e.call(i,"video"),Gt)},_o=async(i=Pi())=>{if(!i)return!1;let e=i.volume;i.volume=e/2+.1;let t=new AbortController,s=await Promise.race([Vn(i,t.signal),Kn(i,e)]);return t.abort(),s},Vn=(i,e)=>new Promise(t=>{i.addEventListener("volumechange",()=>t(!0),{signal:e})}),Kn=async(i,e)=>{for(let t=0;t<10;t++){if(i.volume===e)return!1;await Wt(10)}return i.volume!==e},qn=/.*Version\/.*Safari\/.*/.test(d.navigator.userAgent),Ni=(i=Pi())=>d.matchMedia("(display-mode: standalone)").matches&&qn?!1:typeof i?.requestPictureInPicture=="function",Fi=(i=Pi())=>vo({documentElement:F,media:i}),go=Fi(),bo=Ni(),To=!!d.WebKitPlaybackTargetAvailabilityEvent,Ao=!!d.chrome;var Ye=i=>we(i.media,e=>[K.SUBTITLES,K.CAPTIONS].includes(e.kind)).sort((e,t)=>e.kind>=t.kind?1:-1),Hi=i=>we(i.media,e=>e.mode===ue.SHOWING&&[K.SUBTITLES,K.CAPTIONS].includes(e.kind)),Qt=(i,e)=>{let t=Ye(i),s=Hi(i),o=!!s.length;if(t.length){if(e===!1||o&&e!==!0)Ie(ue.DISABLED,t,s);else if(e===!0||!o&&e!==!1){let n=t[0],{options:r}=i;if(!r?.noSubtitlesLangPref){let f=d.localStorage.getItem("media-chrome-pref-subtitles-lang"),v=f?[f,...d.navigator.languages]:d.navigator.languages,p=t.filter(u=>v.some(_=>u.language.toLowerCase().startsWith(_.split("-")[0]))).sort((u,_)=>{let c=v.findIndex(T=>u.language.toLowerCase().startsWith(T.split("-")[0])),S=v.findIndex(T=>_.language.toLowerCase().startsWith(T.split("-")[0]));return c-S});p[0]&&(n=p[0])}let{language:l,label:a,kind:E}=n;Ie(ue.DISABLED,t,s),Ie(ue.SHOWING,t,[{language:l,label:a,kind:E}])}}},Yt=(i,e)=>i===e?!0:i==null||e==null||typeof i!=typeof e?!1:typeof i=="number"&&Number.isNaN(i)&&Number.isNaN(e)?!0:typeof i!="object"?!1:Array.isArray(i)?Wn(i,e):Object.entries(i).every(([t,s])=>t in e&&Yt(s,e[t])),Wn=(i,e)=>{let t=Array.isArray(i),s=Array.isArray(e);return t!==s?!1:t||s?i.length!==e.length?!1:i.every((o,n)=>Yt(o,e[n])):!0};var Gn=Object.values(Q),zt,Qn=_o().then(i=>(zt=i,zt)),So=async(...i)=>{await Promise.all(i.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof d.HTMLElement))return;let t=e.localName;if(!t.includes("-"))return;let s=d.customElements.get(t);s&&e instanceof s||(await d.customElements.whenDefined(t),d.customElements.upgrade(e))}))},Yn=new d.DOMParser,zn=i=>i&&(Yn.parseFromString(i,"text/html").body.textContent||i),ze={mediaError:{get(i,e){let{media:t}=i;if(e?.type!=="playing")return t?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(i,e){var t;let{media:s}=i;if(e?.type!=="playing")return(t=s?.error)==null?void 0:t.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(i,e){var t,s;let{media:o}=i;if(e?.type!=="playing")return(s=(t=o?.error)==null?void 0:t.message)!=null?s:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(i){var e;let{media:t}=i;return(e=t?.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(i){var e;let{media:t}=i;return(e=t?.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(i){var e;let{media:t}=i;return(e=t?.paused)!=null?e:!0},set(i,e){var t;let{media:s}=e;s&&(i?s.pause():(t=s.play())==null||t.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(i,e){let{media:t}=i;return t?e?e.type==="playing":!t.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(i){var e;let{media:t}=i;return(e=t?.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(i){var e;let{media:t}=i;return(e=t?.playbackRate)!=null?e:1},set(i,e){let{media:t}=e;t&&Number.isFinite(+i)&&(t.playbackRate=+i)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(i){var e;let{media:t}=i;return(e=t?.muted)!=null?e:!1},set(i,e){let{media:t,options:{noMutedPref:s}={}}=e;if(t){t.muted=i;try{let o=d.localStorage.getItem("media-chrome-pref-muted")!==null,n=t.hasAttribute("muted");if(s){o&&d.localStorage.removeItem("media-chrome-pref-muted");return}if(n&&!o)return;d.localStorage.setItem("media-chrome-pref-muted",i?"true":"false")}catch(o){console.debug("Error setting muted pref",o)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(i,e)=>{let{options:{noMutedPref:t}}=e,{media:s}=e;if(!(!s||s.muted||t))try{let o=d.localStorage.getItem("media-chrome-pref-muted")==="true";ze.mediaMuted.set(o,e),i(o)}catch(o){console.debug("Error getting muted pref",o)}}]},mediaLoop:{get(i){let{media:e}=i;return e?.loop},set(i,e){let{media:t}=e;t&&(t.loop=i)},mediaEvents:["medialooprequest"]},mediaVolume:{get(i){var e;let{media:t}=i;return(e=t?.volume)!=null?e:1},set(i,e){let{media:t,options:{noVolumePref:s}={}}=e;if(t){try{i==null?d.localStorage.removeItem("media-chrome-pref-volume"):!t.hasAttribute("muted")&&!s&&d.localStorage.setItem("media-chrome-pref-volume",i.toString())}catch(o){console.debug("Error setting volume pref",o)}Number.isFinite(+i)&&(t.volume=+i)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(i,e)=>{let{options:{noVolumePref:t}}=e;if(!t)try{let{media:s}=e;if(!s)return;let o=d.localStorage.getItem("media-chrome-pref-volume");if(o==null)return;ze.mediaVolume.set(+o,e),i(+o)}catch(s){console.debug("Error getting volume pref",s)}}]},mediaVolumeLevel:{get(i){let{media:e}=i;return typeof e?.volume>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(i){var e;let{media:t}=i;return(e=t?.currentTime)!=null?e:0},set(i,e){let{media:t}=e;!t||!lo(i)||(t.currentTime=i)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(i){let{media:e,options:{defaultDuration:t}={}}=i;return t&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?t:Number.isFinite(e?.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(i){let{media:e}=i;return e?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(i){var e;let{media:t}=i;if(!((e=t?.seekable)!=null&&e.length))return;let s=t.seekable.start(0),o=t.seekable.end(t.seekable.length-1);if(!(!s&&!o))return[Number(s.toFixed(3)),Number(o.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(i){var e;let{media:t}=i,s=(e=t?.buffered)!=null?e:[];return Array.from(s).map((o,n)=>[Number(s.start(n).toFixed(3)),Number(s.end(n).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(i){let{media:e,options:{defaultStreamType:t}={}}=i,s=[Q.LIVE,Q.ON_DEMAND].includes(t)?t:void 0;if(!e)return s;let{streamType:o}=e;if(Gn.includes(o))return o===Q.UNKNOWN?s:o;let n=e.duration;return n===1/0?Q.LIVE:Number.isFinite(n)?Q.ON_DEMAND:s},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(i){let{media:e}=i;if(!e)return Number.NaN;let{targetLiveWindow:t}=e,s=ze.mediaStreamType.get(i);return(t==null||Number.isNaN(t))&&s===Q.LIVE?0:t},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(i){let{media:e,options:{liveEdgeOffset:t=10}={}}=i;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(ze.mediaStreamType.get(i)===Q.LIVE))return!1;let o=e.seekable;if(!o)return!0;if(!o.length)return!1;let n=o.end(o.length-1)-t;return e.currentTime>=n},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(i){return Ye(i).map(({kind:e,label:t,language:s})=>({kind:e,label:t,language:s}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(i){return Hi(i).map(({kind:e,label:t,language:s})=>({kind:e,label:t,language:s}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(i,e)=>{var t,s;let{media:o,options:n}=e;if(!o)return;let r=l=>{var a;!n.defaultSubtitles||l&&![K.CAPTIONS,K.SUBTITLES].includes((a=l?.track)==null?void 0:a.kind)||Qt(e,!0)};return o.addEventListener("loadstart",r),(t=o.textTracks)==null||t.addEventListener("addtrack",r),(s=o.textTracks)==null||s.addEventListener("removetrack",r),()=>{var l,a;o.removeEventListener("loadstart",r),(l=o.textTracks)==null||l.removeEventListener("addtrack",r),(a=o.textTracks)==null||a.removeEventListener("removetrack",r)}}]},mediaChaptersCues:{get(i){var e;let{media:t}=i;if(!t)return[];let[s]=we(t,{kind:K.CHAPTERS});return Array.from((e=s?.cues)!=null?e:[]).map(({text:o,startTime:n,endTime:r})=>({text:zn(o),startTime:n,endTime:r}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(i,e)=>{var t;let{media:s}=e;if(!s)return;let o=s.querySelector('track[kind="chapters"][default][src]'),n=(t=s.shadowRoot)==null?void 0:t.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return o?.addEventListener("load",i),n?.addEventListener("load",i),()=>{o?.removeEventListener("load",i),n?.removeEventListener("load",i)}}]},mediaIsPip:{get(i){var e,t;let{media:s,documentElement:o}=i;if(!s||!o||!o.pictureInPictureElement)return!1;if(o.pictureInPictureElement===s)return!0;if(o.pictureInPictureElement instanceof HTMLMediaElement)return(e=s.localName)!=null&&e.includes("-")?he(s,o.pictureInPictureElement):!1;if(o.pictureInPictureElement.localName.includes("-")){let n=o.pictureInPictureElement.shadowRoot;for(;n?.pictureInPictureElement;){if(n.pictureInPictureElement===s)return!0;n=(t=n.pictureInPictureElement)==null?void 0:t.shadowRoot}}return!1},set(i,e){let{media:t}=e;if(t)if(i){if(!F.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!t.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let s=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};t.requestPictureInPicture().catch(o=>{if(o.code===11){if(!t.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(t.readyState===0&&t.preload==="none"){let n=()=>{t.removeEventListener("loadedmetadata",r),t.preload="none"},r=()=>{t.requestPictureInPicture().catch(s),n()};t.addEventListener("loadedmetadata",r),t.preload="metadata",setTimeout(()=>{t.readyState===0&&s(),n()},1e3)}else throw o}else throw o})}else F.pictureInPictureElement&&F.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(i){var e;let{media:t}=i;return[...(e=t?.videoRenditions)!=null?e:[]].map(s=>({...s}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(i){var e,t,s;let{media:o}=i;return(s=(t=o?.videoRenditions)==null?void 0:t[(e=o.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:s.id},set(i,e){let{media:t}=e;if(!t?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let s=i,o=Array.prototype.findIndex.call(t.videoRenditions,n=>n.id==s);t.videoRenditions.selectedIndex!=o&&(t.videoRenditions.selectedIndex=o)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(i){var e;let{media:t}=i;return[...(e=t?.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(i){var e,t;let{media:s}=i;return(t=[...(e=s?.audioTracks)!=null?e:[]].find(o=>o.enabled))==null?void 0:t.id},set(i,e){let{media:t}=e;if(!t?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let s=i;for(let o of t.audioTracks)o.enabled=s==o.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(i){return fo(i)},set(i,e,t){var s,o;i?(po(e),t.detail&&!((s=e.media)!=null&&s.inert)&&((o=e.media)==null||o.focus())):Eo(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(i){var e;let{media:t}=i;return!t?.remote||((e=t.remote)==null?void 0:e.state)==="disconnected"?!1:t.remote.state==="connected"},set(i,e){var t,s;let{media:o}=e;if(o&&!(i&&((t=o.remote)==null?void 0:t.state)!=="disconnected")&&!(!i&&((s=o.remote)==null?void 0:s.state)!=="connected")){if(typeof o.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}o.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(i,e){let{media:t}=e;if(t){if(!(t.webkitShowPlaybackTargetPicker&&d.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}t.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(i){let{media:e}=i;if(!go||!Fi(e))return q.UNSUPPORTED}},mediaPipUnavailable:{get(i){let{media:e}=i;if(!bo||!Ni(e))return q.UNSUPPORTED;if(e?.disablePictureInPicture)return q.UNAVAILABLE}},mediaVolumeUnavailable:{get(i){let{media:e}=i;if(zt===!1||e?.volume==null)return q.UNSUPPORTED},stateOwnersUpdateHandlers:[i=>{zt==null&&Qn.then(e=>i(e?void 0:q.UNSUPPORTED))}]},mediaCastUnavailable:{get(i,{availability:e="not-available"}={}){var t;let{media:s}=i;if(!Ao||!((t=s?.remote)!=null&&t.state))return q.UNSUPPORTED;if(!(e==null||e==="available"))return q.UNAVAILABLE},stateOwnersUpdateHandlers:[(i,e)=>{var t;let{media:s}=e;return s?(s.disableRemotePlayback||s.hasAttribute("disableremoteplayback")||(t=s?.remote)==null||t.watchAvailability(n=>{i({availability:n?"available":"not-available"})}).catch(n=>{n.name==="NotSupportedError"?i({availability:null}):i({availability:"not-available"})}),()=>{var n;(n=s?.remote)==null||n.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(i,e){if(!To)return q.UNSUPPORTED;if(e?.availability==="not-available")return q.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(i,e)=>{var t;let{media:s}=e;return s?(s.disableRemotePlayback||s.hasAttribute("disableremoteplayback")||(t=s?.remote)==null||t.watchAvailability(n=>{i({availability:n?"available":"not-available"})}).catch(n=>{n.name==="NotSupportedError"?i({availability:null}):i({availability:"not-available"})}),()=>{var n;(n=s?.remote)==null||n.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(i){var e;let{media:t}=i;if(!t?.videoRenditions)return q.UNSUPPORTED;if(!((e=t.videoRenditions)!=null&&e.length))return q.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(i){var e,t;let{media:s}=i;if(!s?.audioTracks)return q.UNSUPPORTED;if(((t=(e=s.audioTracks)==null?void 0:e.length)!=null?t:0)<=1)return q.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(i){let{options:{mediaLang:e}={}}=i;return e??"en"}}};var yo={[b.MEDIA_PREVIEW_REQUEST](i,e,{detail:t}){var s,o,n;let{media:r}=e,l=t??void 0,a,E;if(r&&l!=null){let[u]=we(r,{kind:K.METADATA,label:"thumbnails"}),_=Array.prototype.find.call((s=u?.cues)!=null?s:[],(c,S,T)=>S===0?c.endTime>l:S===T.length-1?c.startTime<=l:c.startTime<=l&&c.endTime>l);if(_){let c=/'^(?:[a-z]+:)?\/\//i.test(_.text)||(o=r?.querySelector('track[label="thumbnails"]'))==null?void 0:o.src,S=new URL(_.text,c);E=new URLSearchParams(S.hash).get("#xywh").split(",").map($=>+$),a=S.href}}let f=i.mediaDuration.get(e),p=(n=i.mediaChaptersCues.get(e).find((u,_,c)=>_===c.length-1&&f===u.endTime?u.startTime<=l&&u.endTime>=l:u.startTime<=l&&u.endTime>l))==null?void 0:n.text;return t!=null&&p==null&&(p=""),{mediaPreviewTime:l,mediaPreviewImage:a,mediaPreviewCoords:E,mediaPreviewChapter:p}},[b.MEDIA_PAUSE_REQUEST](i,e){i["mediaPaused"].set(!0,e)},[b.MEDIA_PLAY_REQUEST](i,e){var t,s,o,n;let r="mediaPaused",a=i.mediaStreamType.get(e)===Q.LIVE,E=!((t=e.options)!=null&&t.noAutoSeekToLive),f=i.mediaTargetLiveWindow.get(e)>0;if(a&&E&&!f){let v=(s=i.mediaSeekable.get(e))==null?void 0:s[1];if(v){let p=(n=(o=e.options)==null?void 0:o.seekToLiveOffset)!=null?n:0,u=v-p;i.mediaCurrentTime.set(u,e)}}i[r].set(!1,e)},[b.MEDIA_PLAYBACK_RATE_REQUEST](i,e,{detail:t}){let s="mediaPlaybackRate",o=t;i[s].set(o,e)},[b.MEDIA_MUTE_REQUEST](i,e){i["mediaMuted"].set(!0,e)},[b.MEDIA_UNMUTE_REQUEST](i,e){let t="mediaMuted";i.mediaVolume.get(e)||i.mediaVolume.set(.25,e),i[t].set(!1,e)},[b.MEDIA_LOOP_REQUEST](i,e,{detail:t}){let s="mediaLoop",o=!!t;return i[s].set(o,e),{mediaLoop:o}},[b.MEDIA_VOLUME_REQUEST](i,e,{detail:t}){let s="mediaVolume",o=t;o&&i.mediaMuted.get(e)&&i.mediaMuted.set(!1,e),i[s].set(o,e)},[b.MEDIA_SEEK_REQUEST](i,e,{detail:t}){let s="mediaCurrentTime",o=t;i[s].set(o,e)},[b.MEDIA_SEEK_TO_LIVE_REQUEST](i,e){var t,s,o;let n="mediaCurrentTime",r=(t=i.mediaSeekable.get(e))==null?void 0:t[1];if(Number.isNaN(Number(r)))return;let l=(o=(s=e.options)==null?void 0:s.seekToLiveOffset)!=null?o:0,a=r-l;i[n].set(a,e)},[b.MEDIA_SHOW_SUBTITLES_REQUEST](i,e,{detail:t}){var s;let{options:o}=e,n=Ye(e),r=xi(t),l=(s=r[0])==null?void 0:s.language;l&&!o.noSubtitlesLangPref&&d.localStorage.setItem("media-chrome-pref-subtitles-lang",l),Ie(ue.SHOWING,n,r)},[b.MEDIA_DISABLE_SUBTITLES_REQUEST](i,e,{detail:t}){let s=Ye(e),o=t??[];Ie(ue.DISABLED,s,o)},[b.MEDIA_TOGGLE_SUBTITLES_REQUEST](i,e,{detail:t}){Qt(e,t)},[b.MEDIA_RENDITION_REQUEST](i,e,{detail:t}){let s="mediaRenditionSelected",o=t;i[s].set(o,e)},[b.MEDIA_AUDIO_TRACK_REQUEST](i,e,{detail:t}){let s="mediaAudioTrackEnabled",o=t;i[s].set(o,e)},[b.MEDIA_ENTER_PIP_REQUEST](i,e){let t="mediaIsPip";i.mediaIsFullscreen.get(e)&&i.mediaIsFullscreen.set(!1,e),i[t].set(!0,e)},[b.MEDIA_EXIT_PIP_REQUEST](i,e){i["mediaIsPip"].set(!1,e)},[b.MEDIA_ENTER_FULLSCREEN_REQUEST](i,e,t){let s="mediaIsFullscreen";i.mediaIsPip.get(e)&&i.mediaIsPip.set(!1,e),i[s].set(!0,e,t)},[b.MEDIA_EXIT_FULLSCREEN_REQUEST](i,e){i["mediaIsFullscreen"].set(!1,e)},[b.MEDIA_ENTER_CAST_REQUEST](i,e){let t="mediaIsCasting";i.mediaIsFullscreen.get(e)&&i.mediaIsFullscreen.set(!1,e),i[t].set(!0,e)},[b.MEDIA_EXIT_CAST_REQUEST](i,e){i["mediaIsCasting"].set(!1,e)},[b.MEDIA_AIRPLAY_REQUEST](i,e){i["mediaIsAirplaying"].set(!0,e)}};var ko=({media:i,fullscreenElement:e,documentElement:t,stateMediator:s=ze,requestMap:o=yo,options:n={},monitorStateOwnersOnlyWithSubscriptions:r=!0})=>{let l=[],a={options:{...n}},E=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),f=c=>{c!=null&&(Yt(c,E)||(E=Object.freeze({...E,...c}),l.forEach(S=>S(E))))},v=()=>{let c=Object.entries(s).reduce((S,[T,{get:$}])=>(S[T]=$(a),S),{});f(c)},p={},u,_=async(c,S)=>{var T,$,be,et,St,es,ts,is,ss,os,ns,rs,as,ls,ds,cs;let rn=!!u;if(u={...a,...u??{},...c},rn)return;await So(...Object.values(c));let Oe=l.length>0&&S===0&&r,us=a.media!==u.media,hs=((T=a.media)==null?void 0:T.textTracks)!==(($=u.media)==null?void 0:$.textTracks),ms=((be=a.media)==null?void 0:be.videoRenditions)!==((et=u.media)==null?void 0:et.videoRenditions),ps=((St=a.media)==null?void 0:St.audioTracks)!==((es=u.media)==null?void 0:es.audioTracks),Es=((ts=a.media)==null?void 0:ts.remote)!==((is=u.media)==null?void 0:is.remote),fs=a.documentElement!==u.documentElement,vs=!!a.media&&(us||Oe),_s=!!((ss=a.media)!=null&&ss.textTracks)&&(hs||Oe),gs=!!((os=a.media)!=null&&os.videoRenditions)&&(ms||Oe),bs=!!((ns=a.media)!=null&&ns.audioTracks)&&(ps||Oe),Ts=!!((rs=a.media)!=null&&rs.remote)&&(Es||Oe),As=!!a.documentElement&&(fs||Oe),pi=vs||_s||gs||bs||Ts||As,Ce=l.length===0&&S===1&&r,Ss=!!u.media&&(us||Ce),ys=!!((as=u.media)!=null&&as.textTracks)&&(hs||Ce),ks=!!((ls=u.media)!=null&&ls.videoRenditions)&&(ms||Ce),Ls=!!((ds=u.media)!=null&&ds.audioTracks)&&(ps||Ce),Is=!!((cs=u.media)!=null&&cs.remote)&&(Es||Ce),ws=!!u.documentElement&&(fs||Ce),Ms=Ss||ys||ks||Ls||Is||ws;if(!(pi||Ms)){Object.entries(u).forEach(([I,tt])=>{a[I]=tt}),v(),u=void 0;return}Object.entries(s).forEach(([I,{get:tt,mediaEvents:an=[],textTracksEvents:ln=[],videoRenditionsEvents:dn=[],audioTracksEvents:cn=[],remoteEvents:un=[],rootEvents:hn=[],stateOwnersUpdateHandlers:mn=[]}])=>{p[I]||(p[I]={});let G=M=>{let C=tt(a,M);f({[I]:C})},N;N=p[I].mediaEvents,an.forEach(M=>{N&&vs&&(a.media.removeEventListener(M,N),p[I].mediaEvents=void 0),Ss&&(u.media.addEventListener(M,G),p[I].mediaEvents=G)}),N=p[I].textTracksEvents,ln.forEach(M=>{var C,Z;N&&_s&&((C=a.media.textTracks)==null||C.removeEventListener(M,N),p[I].textTracksEvents=void 0),ys&&((Z=u.media.textTracks)==null||Z.addEventListener(M,G),p[I].textTracksEvents=G)}),N=p[I].videoRenditionsEvents,dn.forEach(M=>{var C,Z;N&&gs&&((C=a.media.videoRenditions)==null||C.removeEventListener(M,N),p[I].videoRenditionsEvents=void 0),ks&&((Z=u.media.videoRenditions)==null||Z.addEventListener(M,G),p[I].videoRenditionsEvents=G)}),N=p[I].audioTracksEvents,cn.forEach(M=>{var C,Z;N&&bs&&((C=a.media.audioTracks)==null||C.removeEventListener(M,N),p[I].audioTracksEvents=void 0),Ls&&((Z=u.media.audioTracks)==null||Z.addEventListener(M,G),p[I].audioTracksEvents=G)}),N=p[I].remoteEvents,un.forEach(M=>{var C,Z;N&&Ts&&((C=a.media.remote)==null||C.removeEventListener(M,N),p[I].remoteEvents=void 0),Is&&((Z=u.media.remote)==null||Z.addEventListener(M,G),p[I].remoteEvents=G)}),N=p[I].rootEvents,hn.forEach(M=>{N&&As&&(a.documentElement.removeEventListener(M,N),p[I].rootEvents=void 0),ws&&(u.documentElement.addEventListener(M,G),p[I].rootEvents=G)});let yt=p[I].stateOwnersUpdateHandlers;if(yt&&pi&&(Array.isArray(yt)?yt:[yt]).forEach(C=>{typeof C=="function"&&C()}),Ms){let M=mn.map(C=>C(G,u)).filter(C=>typeof C=="function");p[I].stateOwnersUpdateHandlers=M.length===1?M[0]:M}else pi&&(p[I].stateOwnersUpdateHandlers=void 0)}),Object.entries(u).forEach(([I,tt])=>{a[I]=tt}),v(),u=void 0};return _({media:i,fullscreenElement:e,documentElement:t,options:n}),{dispatch(c){let{type:S,detail:T}=c;if(o[S]&&E.mediaErrorCode==null){f(o[S](s,a,c));return}S==="mediaelementchangerequest"?_({media:T}):S==="fullscreenelementchangerequest"?_({fullscreenElement:T}):S==="documentelementchangerequest"?_({documentElement:T}):S==="optionschangerequest"&&(Object.entries(T??{}).forEach(([$,be])=>{a.options[$]=be}),v())},getState(){return E},subscribe(c){return _({},l.length+1),l.push(c),c(E),()=>{let S=l.indexOf(c);S>=0&&(_({},l.length-1),l.splice(S,1))}}}};var Wi=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},g=(i,e,t)=>(Wi(i,e,"read from private field"),t?t.call(i):e.get(i)),Y=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},te=(i,e,t,s)=>(Wi(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),ve=(i,e,t)=>(Wi(i,e,"access private method"),t),de,ht,y,z,mt,se,Xt,pt,Zt,Bi,Re,jt,$i,Et,Jt,Vi,Oo,Co=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],Lo=10,Io=.025,wo=.25,Xn=.25,Zn=2,h={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},Ki=class extends Ae{constructor(){super(),Y(this,Zt),Y(this,jt),Y(this,Et),Y(this,Vi),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,Y(this,de,new qt(this,h.HOTKEYS)),Y(this,ht,void 0),Y(this,y,void 0),Y(this,z,null),Y(this,mt,void 0),Y(this,se,void 0),Y(this,Xt,t=>{var s;(s=g(this,y))==null||s.dispatch(t)}),Y(this,pt,void 0),Y(this,Re,t=>{let{key:s,shiftKey:o}=t;if(!(o&&(s==="/"||s==="?")||Co.includes(s))){this.removeEventListener("keyup",g(this,Re));return}this.keyboardShortcutHandler(t)}),this.associateElement(this);let e={};te(this,mt,t=>{Object.entries(t).forEach(([s,o])=>{if(s in e&&e[s]===o)return;this.propagateMediaState(s,o);let n=s.toLowerCase(),r=new d.CustomEvent(Ps[n],{composed:!0,detail:o});this.dispatchEvent(r)}),e=t})}static get observedAttributes(){return super.observedAttributes.concat(h.NO_HOTKEYS,h.HOTKEYS,h.DEFAULT_STREAM_TYPE,h.DEFAULT_SUBTITLES,h.DEFAULT_DURATION,h.NO_MUTED_PREF,h.NO_VOLUME_PREF,h.LANG,h.LOOP,h.LIVE_EDGE_OFFSET,h.SEEK_TO_LIVE_OFFSET,h.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return g(this,y)}set mediaStore(e){var t,s;if(g(this,y)&&((t=g(this,se))==null||t.call(this),te(this,se,void 0)),te(this,y,e),!g(this,y)&&!this.hasAttribute(h.NO_DEFAULT_STORE)){ve(this,Zt,Bi).call(this);return}te(this,se,(s=g(this,y))==null?void 0:s.subscribe(g(this,mt)))}get fullscreenElement(){var e;return(e=g(this,ht))!=null?e:this}set fullscreenElement(e){var t;this.hasAttribute(h.FULLSCREEN_ELEMENT)&&this.removeAttribute(h.FULLSCREEN_ELEMENT),te(this,ht,e),(t=g(this,y))==null||t.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return k(this,h.DEFAULT_SUBTITLES)}set defaultSubtitles(e){L(this,h.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return U(this,h.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){D(this,h.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return Mt(this,h.DEFAULT_DURATION)}set defaultDuration(e){Rt(this,h.DEFAULT_DURATION,e)}get noHotkeys(){return k(this,h.NO_HOTKEYS)}set noHotkeys(e){L(this,h.NO_HOTKEYS,e)}get keysUsed(){return U(this,h.KEYS_USED)}set keysUsed(e){D(this,h.KEYS_USED,e)}get liveEdgeOffset(){return Mt(this,h.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){Rt(this,h.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return k(this,h.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){L(this,h.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return k(this,h.NO_VOLUME_PREF)}set noVolumePref(e){L(this,h.NO_VOLUME_PREF,e)}get noMutedPref(){return k(this,h.NO_MUTED_PREF)}set noMutedPref(e){L(this,h.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return k(this,h.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){L(this,h.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return k(this,h.NO_DEFAULT_STORE)}set noDefaultStore(e){L(this,h.NO_DEFAULT_STORE,e)}get resolvedLang(){return Ys()}attributeChangedCallback(e,t,s){var o,n,r,l,a,E,f,v,p,u,_,c;if(super.attributeChangedCallback(e,t,s),e===h.NO_HOTKEYS)s!==t&&s===""?(this.hasAttribute(h.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):s!==t&&s===null&&this.enableHotkeys(),ve(this,Et,Jt).call(this);else if(e===h.HOTKEYS)g(this,de).value=s,ve(this,Et,Jt).call(this);else if(e===h.DEFAULT_SUBTITLES&&s!==t)(o=g(this,y))==null||o.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(h.DEFAULT_SUBTITLES)}});else if(e===h.DEFAULT_STREAM_TYPE)(r=g(this,y))==null||r.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(n=this.getAttribute(h.DEFAULT_STREAM_TYPE))!=null?n:void 0}});else if(e===h.LIVE_EDGE_OFFSET&&s!==t)(l=g(this,y))==null||l.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0}});else if(e===h.SEEK_TO_LIVE_OFFSET&&s!==t)(a=g(this,y))==null||a.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0}});else if(e===h.NO_AUTO_SEEK_TO_LIVE)(E=g(this,y))==null||E.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(h.NO_AUTO_SEEK_TO_LIVE)}});else if(e===h.FULLSCREEN_ELEMENT){let S=s?(f=this.getRootNode())==null?void 0:f.getElementById(s):void 0;te(this,ht,S),(v=g(this,y))==null||v.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===h.LANG&&s!==t?(Qs(s),(p=g(this,y))==null||p.dispatch({type:"optionschangerequest",detail:{mediaLang:s}})):e===h.LOOP&&s!==t?(u=g(this,y))==null||u.dispatch({type:b.MEDIA_LOOP_REQUEST,detail:s!=null}):e===h.NO_VOLUME_PREF&&s!==t?(_=g(this,y))==null||_.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(h.NO_VOLUME_PREF)}}):e===h.NO_MUTED_PREF&&s!==t&&((c=g(this,y))==null||c.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(h.NO_MUTED_PREF)}}))}connectedCallback(){var e,t,s;this.associateElement(this),!g(this,y)&&!this.hasAttribute(h.NO_DEFAULT_STORE)&&ve(this,Zt,Bi).call(this),(e=g(this,y))==null||e.dispatch({type:"documentelementchangerequest",detail:F}),(t=g(this,y))==null||t.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),g(this,y)&&!g(this,se)&&te(this,se,(s=g(this,y))==null?void 0:s.subscribe(g(this,mt))),g(this,pt)!==void 0&&g(this,y)&&this.media&&setTimeout(()=>{var o,n,r;(n=(o=this.media)==null?void 0:o.textTracks)!=null&&n.length&&((r=g(this,y))==null||r.dispatch({type:b.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:g(this,pt)}))},0),this.hasAttribute(h.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,t,s,o,n,r;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),g(this,y)){let l=g(this,y).getState();te(this,pt,!!((t=l.mediaSubtitlesShowing)!=null&&t.length)),(s=g(this,y))==null||s.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(o=g(this,y))==null||o.dispatch({type:"documentelementchangerequest",detail:void 0}),(n=g(this,y))==null||n.dispatch({type:b.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}g(this,se)&&((r=g(this,se))==null||r.call(this),te(this,se,void 0)),this.unassociateElement(this),g(this,z)&&(g(this,z).remove(),te(this,z,null))}mediaSetCallback(e){var t;super.mediaSetCallback(e),(t=g(this,y))==null||t.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var t;super.mediaUnsetCallback(e),(t=g(this,y))==null||t.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,t){Do(this.mediaStateReceivers,e,t)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:t}=this;if(t.has(e))return;let s=this.registerMediaStateReceiver.bind(this),o=this.unregisterMediaStateReceiver.bind(this),n=sr(e,s,o);Object.values(b).forEach(r=>{e.addEventListener(r,g(this,Xt))}),t.set(e,n)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:t}=this;if(!t.has(e))return;t.get(e)(),t.delete(e),Object.values(b).forEach(o=>{e.removeEventListener(o,g(this,Xt))})}registerMediaStateReceiver(e){if(!e)return;let t=this.mediaStateReceivers;t.indexOf(e)>-1||(t.push(e),g(this,y)&&Object.entries(g(this,y).getState()).forEach(([o,n])=>{Do([e],o,n)}))}unregisterMediaStateReceiver(e){let t=this.mediaStateReceivers,s=t.indexOf(e);s<0||t.splice(s,1)}enableHotkeys(){this.addEventListener("keydown",ve(this,jt,$i))}disableHotkeys(){this.removeEventListener("keydown",ve(this,jt,$i)),this.removeEventListener("keyup",g(this,Re))}get hotkeys(){return g(this,de)}set hotkeys(e){D(this,h.HOTKEYS,e)}keyboardShortcutHandler(e){var t,s,o,n,r,l,a,E,f;let v=e.target;if(((o=(s=(t=v.getAttribute(h.KEYS_USED))==null?void 0:t.split(" "))!=null?s:v?.keysUsed)!=null?o:[]).map(T=>T==="Space"?" ":T).filter(Boolean).includes(e.key))return;let u,_,c;if(!(g(this,de).contains($t(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&g(this,de).contains("noshift+/")))switch(e.key){case" ":case"k":u=g(this,y).getState().mediaPaused?b.MEDIA_PLAY_REQUEST:b.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new d.CustomEvent(u,{composed:!0,bubbles:!0}));break;case"m":u=this.mediaStore.getState().mediaVolumeLevel==="off"?b.MEDIA_UNMUTE_REQUEST:b.MEDIA_MUTE_REQUEST,this.dispatchEvent(new d.CustomEvent(u,{composed:!0,bubbles:!0}));break;case"f":u=this.mediaStore.getState().mediaIsFullscreen?b.MEDIA_EXIT_FULLSCREEN_REQUEST:b.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new d.CustomEvent(u,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new d.CustomEvent(b.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let T=this.hasAttribute(h.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(h.KEYBOARD_BACKWARD_SEEK_OFFSET):Lo;_=Math.max(((n=this.mediaStore.getState().mediaCurrentTime)!=null?n:0)-T,0),c=new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(c);break}case"ArrowRight":case"l":{let T=this.hasAttribute(h.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(h.KEYBOARD_FORWARD_SEEK_OFFSET):Lo;_=Math.max(((r=this.mediaStore.getState().mediaCurrentTime)!=null?r:0)+T,0),c=new d.CustomEvent(b.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(c);break}case"ArrowUp":{let T=this.hasAttribute(h.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(h.KEYBOARD_UP_VOLUME_STEP):Io;_=Math.min(((l=this.mediaStore.getState().mediaVolume)!=null?l:1)+T,1),c=new d.CustomEvent(b.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(c);break}case"ArrowDown":{let T=this.hasAttribute(h.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(h.KEYBOARD_DOWN_VOLUME_STEP):Io;_=Math.max(((a=this.mediaStore.getState().mediaVolume)!=null?a:1)-T,0),c=new d.CustomEvent(b.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(c);break}case"<":{let T=(E=this.mediaStore.getState().mediaPlaybackRate)!=null?E:1;_=Math.max(T-wo,Xn).toFixed(2),c=new d.CustomEvent(b.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(c);break}case">":{let T=(f=this.mediaStore.getState().mediaPlaybackRate)!=null?f:1;_=Math.min(T+wo,Zn).toFixed(2),c=new d.CustomEvent(b.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(c);break}case"/":case"?":{e.shiftKey&&ve(this,Vi,Oo).call(this);break}case"p":{u=this.mediaStore.getState().mediaIsPip?b.MEDIA_EXIT_PIP_REQUEST:b.MEDIA_ENTER_PIP_REQUEST,c=new d.CustomEvent(u,{composed:!0,bubbles:!0}),this.dispatchEvent(c);break}default:break}}};de=new WeakMap;ht=new WeakMap;y=new WeakMap;z=new WeakMap;mt=new WeakMap;se=new WeakMap;Xt=new WeakMap;pt=new WeakMap;Zt=new WeakSet;Bi=function(){var i;this.mediaStore=ko({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(h.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(h.DEFAULT_DURATION)?+this.getAttribute(h.DEFAULT_DURATION):void 0,defaultStreamType:(i=this.getAttribute(h.DEFAULT_STREAM_TYPE))!=null?i:void 0,liveEdgeOffset:this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(h.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(h.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(h.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(h.NO_SUBTITLES_LANG_PREF)}})};Re=new WeakMap;jt=new WeakSet;$i=function(i){var e;let{metaKey:t,altKey:s,key:o,shiftKey:n}=i,r=n&&(o==="/"||o==="?");if(r&&((e=g(this,z))!=null&&e.open)){this.removeEventListener("keyup",g(this,Re));return}if(t||s||!r&&!Co.includes(o)){this.removeEventListener("keyup",g(this,Re));return}let l=i.target,a=l instanceof HTMLElement&&(l.tagName.toLowerCase()==="media-volume-range"||l.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(o)&&!g(this,de).contains($t(o))&&!a&&i.preventDefault(),this.addEventListener("keyup",g(this,Re),{once:!0})};Et=new WeakSet;Jt=function(){g(this,z)&&(g(this,z).hotkeys=g(this,de).value||void 0,(this.noHotkeys||g(this,de).contains("noshift+/"))&&(g(this,z).open=!1))};Vi=new WeakSet;Oo=function(){g(this,z)||(te(this,z,F.createElement("media-keyboard-shortcuts-dialog")),ve(this,Et,Jt).call(this),this.appendChild(g(this,z))),g(this,z).open=!0};var jn=Object.values(m),Jn=Object.values(vi),Uo=i=>{var e,t,s,o;let{observedAttributes:n}=i.constructor;!n&&((e=i.nodeName)!=null&&e.includes("-"))&&(d.customElements.upgrade(i),{observedAttributes:n}=i.constructor);let r=(o=(s=(t=i?.getAttribute)==null?void 0:t.call(i,w.MEDIA_CHROME_ATTRIBUTES))==null?void 0:s.split)==null?void 0:o.call(s,/\s+/);return Array.isArray(n||r)?(n||r).filter(l=>jn.includes(l)):[]},er=i=>{var e,t;return(e=i.nodeName)!=null&&e.includes("-")&&d.customElements.get((t=i.nodeName)==null?void 0:t.toLowerCase())&&!(i instanceof d.customElements.get(i.nodeName.toLowerCase()))&&d.customElements.upgrade(i),Jn.some(s=>s in i)},qi=i=>er(i)||!!Uo(i).length,Mo=i=>{var e;return(e=i?.join)==null?void 0:e.call(i,":")},Ro={[m.MEDIA_SUBTITLES_LIST]:ct,[m.MEDIA_SUBTITLES_SHOWING]:ct,[m.MEDIA_SEEKABLE]:Mo,[m.MEDIA_BUFFERED]:i=>i?.map(Mo).join(" "),[m.MEDIA_PREVIEW_COORDS]:i=>i?.join(" "),[m.MEDIA_RENDITION_LIST]:ro,[m.MEDIA_AUDIO_TRACK_LIST]:ao},tr=async(i,e,t)=>{var s,o;if(i.isConnected||await Wt(0),typeof t=="boolean"||t==null)return L(i,e,t);if(typeof t=="number")return Rt(i,e,t);if(typeof t=="string")return D(i,e,t);if(Array.isArray(t)&&!t.length)return i.removeAttribute(e);let n=(o=(s=Ro[e])==null?void 0:s.call(Ro,t))!=null?o:t;return i.setAttribute(e,n)},ir=i=>{var e;return!!((e=i.closest)!=null&&e.call(i,'*[slot="media"]'))},Me=(i,e)=>{if(ir(i))return;let t=(o,n)=>{var r,l;qi(o)&&n(o);let{children:a=[]}=o??{},E=(l=(r=o?.shadowRoot)==null?void 0:r.children)!=null?l:[];[...a,...E].forEach(v=>Me(v,n))},s=i?.nodeName.toLowerCase();if(s.includes("-")&&!qi(i)){d.customElements.whenDefined(s).then(()=>{t(i,e)});return}t(i,e)},Do=(i,e,t)=>{i.forEach(s=>{if(e in s){s[e]=t;return}let o=Uo(s),n=e.toLowerCase();o.includes(n)&&tr(s,n,t)})},sr=(i,e,t)=>{Me(i,e);let s=f=>{var v;let p=(v=f?.composedPath()[0])!=null?v:f.target;e(p)},o=f=>{var v;let p=(v=f?.composedPath()[0])!=null?v:f.target;t(p)};i.addEventListener(b.REGISTER_MEDIA_STATE_RECEIVER,s),i.addEventListener(b.UNREGISTER_MEDIA_STATE_RECEIVER,o);let n=f=>{f.forEach(v=>{let{addedNodes:p=[],removedNodes:u=[],type:_,target:c,attributeName:S}=v;_==="childList"?(Array.prototype.forEach.call(p,T=>Me(T,e)),Array.prototype.forEach.call(u,T=>Me(T,t))):_==="attributes"&&S===w.MEDIA_CHROME_ATTRIBUTES&&(qi(c)?e(c):t(c))})},r=[],l=f=>{let v=f.target;v.name!=="media"&&(r.forEach(p=>Me(p,t)),r=[...v.assignedElements({flatten:!0})],r.forEach(p=>Me(p,e)))};i.addEventListener("slotchange",l);let a=new MutationObserver(n);return a.observe(i,{childList:!0,attributes:!0,subtree:!0}),()=>{Me(i,t),i.removeEventListener("slotchange",l),a.disconnect(),i.removeEventListener(b.REGISTER_MEDIA_STATE_RECEIVER,s),i.removeEventListener(b.UNREGISTER_MEDIA_STATE_RECEIVER,o)}};d.customElements.get("media-controller")||d.customElements.define("media-controller",Ki);var xo=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},ei=(i,e,t)=>(xo(i,e,"read from private field"),t?t.call(i):e.get(i)),or=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},ti=(i,e,t,s)=>(xo(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),oe;function nr(i){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var ft=class extends d.HTMLElement{constructor(){if(super(),or(this,oe,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=W(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER]}attributeChangedCallback(e,t,s){var o,n,r,l,a;e===w.MEDIA_CONTROLLER&&(t&&((n=(o=ei(this,oe))==null?void 0:o.unassociateElement)==null||n.call(o,this),ti(this,oe,null)),s&&this.isConnected&&(ti(this,oe,(r=this.getRootNode())==null?void 0:r.getElementById(s)),(a=(l=ei(this,oe))==null?void 0:l.associateElement)==null||a.call(l,this)))}connectedCallback(){var e,t,s;let o=this.getAttribute(w.MEDIA_CONTROLLER);o&&(ti(this,oe,(e=this.getRootNode())==null?void 0:e.getElementById(o)),(s=(t=ei(this,oe))==null?void 0:t.associateElement)==null||s.call(t,this))}disconnectedCallback(){var e,t;(t=(e=ei(this,oe))==null?void 0:e.unassociateElement)==null||t.call(e,this),ti(this,oe,null)}};oe=new WeakMap;ft.shadowRootOptions={mode:"open"};ft.getTemplateHTML=nr;d.customElements.get("media-control-bar")||d.customElements.define("media-control-bar",ft);var Xe={PLACEMENT:"placement",BOUNDS:"bounds"};function rr(i){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var Ze=class extends d.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!Ks(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let t=this.placement;if(t==="left"||t==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let s=getComputedStyle(this),o=(e=Ue(this,"#"+this.bounds))!=null?e:Vs(this);if(!o)return;let{x:n,width:r}=o.getBoundingClientRect(),{x:l,width:a}=this.getBoundingClientRect(),E=l+a,f=n+r,v=s.getPropertyValue("--media-tooltip-offset-x"),p=v?parseFloat(v.replace("px","")):0,u=s.getPropertyValue("--media-tooltip-container-margin"),_=u?parseFloat(u.replace("px","")):0,c=l-n+p-_,S=E-f+p+_;if(c<0){this.style.setProperty("--media-tooltip-offset-x",`${c}px`);return}if(S>0){this.style.setProperty("--media-tooltip-offset-x",`${S}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=W(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[Xe.PLACEMENT,Xe.BOUNDS]}get placement(){return U(this,Xe.PLACEMENT)}set placement(e){D(this,Xe.PLACEMENT,e)}get bounds(){return U(this,Xe.BOUNDS)}set bounds(e){D(this,Xe.BOUNDS,e)}};Ze.shadowRootOptions={mode:"open"};Ze.getTemplateHTML=rr;d.customElements.get("media-tooltip")||d.customElements.define("media-tooltip",Ze);var Gi=Ze;var zi=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},x=(i,e,t)=>(zi(i,e,"read from private field"),t?t.call(i):e.get(i)),De=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},ii=(i,e,t,s)=>(zi(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),Po=(i,e,t)=>(zi(i,e,"access private method"),t),ne,Je,Qi,No,ge,je,si,Yi,Fo,_e={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function ar(i,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(i,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${Gi.shadowRootOptions.mode}">
          ${Gi.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(i)}
        </slot>
      </media-tooltip>
    </slot>
  `}function lr(i,e){return`
    <slot></slot>
  `}function dr(){return""}var X=class extends d.HTMLElement{constructor(){if(super(),De(this,Qi),De(this,Yi),De(this,ne,void 0),this.preventClick=!1,this.tooltipEl=null,De(this,Je,e=>{this.preventClick||this.handleClick(e),setTimeout(x(this,ge),0)}),De(this,ge,()=>{var e,t;(t=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||t.call(e)}),De(this,je,e=>{let{key:t}=e;if(!this.keysUsed.includes(t)){this.removeEventListener("keyup",x(this,je));return}this.preventClick||this.handleClick(e)}),De(this,si,e=>{let{metaKey:t,altKey:s,key:o}=e;if(t||s||!this.keysUsed.includes(o)){this.removeEventListener("keyup",x(this,je));return}this.addEventListener("keyup",x(this,je),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=W(this.attributes),t=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(t):this.shadowRoot.innerHTML=t}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",_e.TOOLTIP_PLACEMENT,w.MEDIA_CONTROLLER,m.MEDIA_LANG]}enable(){this.addEventListener("click",x(this,Je)),this.addEventListener("keydown",x(this,si)),this.tabIndex=0}disable(){this.removeEventListener("click",x(this,Je)),this.removeEventListener("keydown",x(this,si)),this.removeEventListener("keyup",x(this,je)),this.tabIndex=-1}attributeChangedCallback(e,t,s){var o,n,r,l,a;e===w.MEDIA_CONTROLLER?(t&&((n=(o=x(this,ne))==null?void 0:o.unassociateElement)==null||n.call(o,this),ii(this,ne,null)),s&&this.isConnected&&(ii(this,ne,(r=this.getRootNode())==null?void 0:r.getElementById(s)),(a=(l=x(this,ne))==null?void 0:l.associateElement)==null||a.call(l,this))):e==="disabled"&&s!==t?s==null?this.enable():this.disable():e===_e.TOOLTIP_PLACEMENT&&this.tooltipEl&&s!==t?this.tooltipEl.placement=s:e===m.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),Po(this,Qi,No).call(this)&&x(this,ge).call(this)}connectedCallback(){var e,t,s;let{style:o}=xe(this.shadowRoot,":host");o.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let n=this.getAttribute(w.MEDIA_CONTROLLER);n&&(ii(this,ne,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(s=(t=x(this,ne))==null?void 0:t.associateElement)==null||s.call(t,this)),d.customElements.whenDefined("media-tooltip").then(()=>Po(this,Yi,Fo).call(this))}disconnectedCallback(){var e,t;this.disable(),(t=(e=x(this,ne))==null?void 0:e.unassociateElement)==null||t.call(e,this),ii(this,ne,null),this.removeEventListener("mouseenter",x(this,ge)),this.removeEventListener("focus",x(this,ge)),this.removeEventListener("click",x(this,Je))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return U(this,_e.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){D(this,_e.TOOLTIP_PLACEMENT,e)}get mediaController(){return U(this,w.MEDIA_CONTROLLER)}set mediaController(e){D(this,w.MEDIA_CONTROLLER,e)}get disabled(){return k(this,_e.DISABLED)}set disabled(e){L(this,_e.DISABLED,e)}get noTooltip(){return k(this,_e.NO_TOOLTIP)}set noTooltip(e){L(this,_e.NO_TOOLTIP,e)}handleClick(e){}};ne=new WeakMap;Je=new WeakMap;Qi=new WeakSet;No=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};ge=new WeakMap;je=new WeakMap;si=new WeakMap;Yi=new WeakSet;Fo=function(){this.addEventListener("mouseenter",x(this,ge)),this.addEventListener("focus",x(this,ge)),this.addEventListener("click",x(this,Je));let i=this.tooltipPlacement;i&&this.tooltipEl&&(this.tooltipEl.placement=i)};X.shadowRootOptions={mode:"open"};X.getTemplateHTML=ar;X.getSlotTemplateHTML=lr;X.getTooltipContentHTML=dr;d.customElements.get("media-chrome-button")||d.customElements.define("media-chrome-button",X);var cr=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,ur=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function hr(i){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${cr}</slot>
      <slot name="off">${ur}</slot>
    </slot>
  `}function mr(){return`
    <slot name="tooltip-enable">${P("Enable captions")}</slot>
    <slot name="tooltip-disable">${P("Disable captions")}</slot>
  `}var Ho=i=>{i.setAttribute("aria-checked",ho(i).toString())},vt=class extends X{static get observedAttributes(){return[...super.observedAttributes,m.MEDIA_SUBTITLES_LIST,m.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",P("closed captions")),Ho(this)}attributeChangedCallback(e,t,s){super.attributeChangedCallback(e,t,s),e===m.MEDIA_SUBTITLES_SHOWING&&Ho(this)}get mediaSubtitlesList(){return Bo(this,m.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){$o(this,m.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return Bo(this,m.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){$o(this,m.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new d.CustomEvent(b.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};vt.getSlotTemplateHTML=hr;vt.getTooltipContentHTML=mr;var Bo=(i,e)=>{let t=i.getAttribute(e);return t?Ui(t):[]},$o=(i,e,t)=>{if(!t?.length){i.removeAttribute(e);return}let s=ct(t);i.getAttribute(e)!==s&&i.setAttribute(e,s)};d.customElements.get("media-captions-button")||d.customElements.define("media-captions-button",vt);var Ko=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},pr=(i,e,t)=>(Ko(i,e,"read from private field"),t?t.call(i):e.get(i)),Er=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},fr=(i,e,t,s)=>(Ko(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),oi,vr=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,_r=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function gr(i){return`
    <style>
      :host([${m.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${m.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${m.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${m.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${vr}</slot>
      <slot name="exit">${_r}</slot>
    </slot>
  `}function br(){return`
    <slot name="tooltip-enter">${P("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${P("Exit fullscreen mode")}</slot>
  `}var Vo=i=>{let e=i.mediaIsFullscreen?P("exit fullscreen mode"):P("enter fullscreen mode");i.setAttribute("aria-label",e)},_t=class extends X{constructor(){super(...arguments),Er(this,oi,null)}static get observedAttributes(){return[...super.observedAttributes,m.MEDIA_IS_FULLSCREEN,m.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Vo(this)}attributeChangedCallback(e,t,s){super.attributeChangedCallback(e,t,s),e===m.MEDIA_IS_FULLSCREEN&&Vo(this)}get mediaFullscreenUnavailable(){return U(this,m.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){D(this,m.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return k(this,m.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){L(this,m.MEDIA_IS_FULLSCREEN,e)}handleClick(e){fr(this,oi,e);let t=pr(this,oi)instanceof PointerEvent,s=this.mediaIsFullscreen?new d.CustomEvent(b.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new d.CustomEvent(b.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:t});this.dispatchEvent(s)}};oi=new WeakMap;_t.getSlotTemplateHTML=gr;_t.getTooltipContentHTML=br;d.customElements.get("media-fullscreen-button")||d.customElements.define("media-fullscreen-button",_t);var Wo=(i,e,t)=>{if(!e.has(i))throw TypeError("Cannot "+t)},gt=(i,e,t)=>(Wo(i,e,"read from private field"),t?t.call(i):e.get(i)),qo=(i,e,t)=>{if(e.has(i))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(i):e.set(i,t)},bt=(i,e,t,s)=>(Wo(i,e,"write to private field"),s?s.call(i,t):e.set(i,t),t),re,ri,ni={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},Go=500,Tr=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function Ar(i){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${Go}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${m.MEDIA_LOADING}]:not([${m.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${m.MEDIA_LOADING}]:not([${m.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${m.MEDIA_LOADING}]:not([${m.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Tr}</slot>
    <div id="status" role="status" aria-live="polite">${P("media loading")}</div>
  `}var Tt=class extends d.HTMLElement{constructor(){if(super(),qo(this,re,void 0),qo(this,ri,Go),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=W(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER,m.MEDIA_PAUSED,m.MEDIA_LOADING,ni.LOADING_DELAY]}attributeChangedCallback(e,t,s){var o,n,r,l,a;e===ni.LOADING_DELAY&&t!==s?this.loadingDelay=Number(s):e===w.MEDIA_CONTROLLER&&(t&&((n=(o=gt(this,re))==null?void 0:o.unassociateElement)==null||n.call(o,this),bt(this,re,null)),s&&this.isConnected&&(bt(this,re,(r=this.getRootNode())==null?void 0:r.getElementById(s)),(a=(l=gt(this,re))==null?void 0:l.associateElement)==null||a.call(l,this)))}connectedCallback(){var e,t,s;let o=this.getAttribute(w.MEDIA_CONTROLLER);o&&(bt(this,re,(e=this.getRootNode())==null?void 0:e.getElementById(o)),(s=(t=gt(this,re))==null?void 0:t.associateElement)==null||s.call(t,this))}disconnectedCallback(){var e,t;(t=(e=gt(this,re))==null?void 0:e.unassociateElement)==null||t.call(e,this),bt(this,re,null)}get loadingDelay(){return gt(this,ri)}set loadingDelay(e){bt(this,ri,e);let{style:t}=xe(this.shadowRoot,":host");t.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return k(this,m.MEDIA_PAUSED)}set mediaPaused(e){L(this,m.MEDIA_PAUSED,e)}get mediaLoading(){return k(this,m.MEDIA_LOADING)}set mediaLoading(e){L(this,m.MEDIA_LOADING,e)}get mediaController(){return U(this,w.MEDIA_CONTROLLER)}set mediaController(e){D(this,w.MEDIA_CONTROLLER,e)}get noAutohide(){return k(this,ni.NO_AUTOHIDE)}set noAutohide(e){L(this,ni.NO_AUTOHIDE,e)}};re=new WeakMap;ri=new WeakMap;Tt.shadowRootOptions={mode:"open"};Tt.getTemplateHTML=Ar;d.customElements.get("media-loading-indicator")||d.customElements.define("media-loading-indicator",Tt);var Sr=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,Qo=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,yr=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function kr(i){return`
    <style>
      :host(:not([${m.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${m.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${m.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${m.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${m.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${m.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${m.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Sr}</slot>
      <slot name="low">${Qo}</slot>
      <slot name="medium">${Qo}</slot>
      <slot name="high">${yr}</slot>
    </slot>
  `}function Lr(){return`
    <slot name="tooltip-mute">${P("Mute")}</slot>
    <slot name="tooltip-unmute">${P("Unmute")}</slot>
  `}var Yo=i=>{let t=i.mediaVolumeLevel==="off"?P("unmute"):P("mute");i.setAttribute("aria-label",t)},At=class extends X{static get observedAttributes(){return[...super.observedAttributes,m.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Yo(this)}attributeChangedCallback(e,t,s){super.attributeChangedCallback(e,t,s),e===m.MEDIA_VOLUME_LEVEL&&Yo(this)}get mediaVolumeLevel(){return U(this,m.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){D(this,m.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?b.MEDIA_UNMUTE_REQUEST:b.MEDIA_MUTE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};At.getSlotTemplateHTML=kr;At.getTooltipContentHTML=Lr;d.customElements.get("media-mute-button")||d.customElements.define("media-mute-button",At);var Xi={"Start airplay":"D\xE9marrer la diffusion AirPlay","Stop airplay":"Arr\xEAter la diffusion AirPlay",Audio:"Audio",Captions:"Sous-titres","Enable captions":"Activer les sous-titres","Disable captions":"D\xE9sactiver les sous-titres","Start casting":"D\xE9marrer la diffusion (cast)","Stop casting":"Arr\xEAter la diffusion (cast)","Enter fullscreen mode":"Mettre en mode plein \xE9cran","Exit fullscreen mode":"Quitter le mode plein \xE9cran",Mute:"D\xE9sactiver le son",Unmute:"Activer le son",Loop:"Lire en boucle","Enter picture in picture mode":"Mettre en mode image-en-image (PiP)","Exit picture in picture mode":"Quitter le mode image-en-image (PiP)",Play:"Lire",Pause:"Pause","Playback rate":"Taux de lecture","Playback rate {playbackRate}":"Taux de lecture {playbackRate}",Quality:"Qualit\xE9","Seek backward":"Reculer","Seek forward":"Avancer",Settings:"Param\xE8tres",Auto:"Auto","audio player":"lecteur audio","video player":"lecteur vid\xE9o",volume:"volume",seek:"se d\xE9placer","closed captions":"sous-titres cod\xE9s","current playback rate":"taux de lecture actuel","playback time":"dur\xE9e de lecture","media loading":"chargement des m\xE9dias",settings:"param\xE8tres","audio tracks":"pistes audio",quality:"qualit\xE9",play:"lire",pause:"pause",mute:"d\xE9sactiver le son",unmute:"activer le son","chapter: {chapterName}":"chapitre: {chapterName}",live:"en direct",Off:"D\xE9sactiv\xE9","start airplay":"d\xE9marrer la diffusion AirPlay","stop airplay":"arr\xEAter la diffusion AirPlay","start casting":"d\xE9marrer la diffusion (cast)","stop casting":"arr\xEAter la diffusion (cast)","enter fullscreen mode":"mettre en mode plein \xE9cran","exit fullscreen mode":"quitter le mode plein \xE9cran","enter picture in picture mode":"mettre en mode image-en-image (PiP)","exit picture in picture mode":"quitter le mode image-en-image (PiP)","seek to live":"aller au direct","playing live":"lecture en direct","seek back {seekOffset} seconds":"reculer {seekOffset} secondes","seek forward {seekOffset} seconds":"avancer {seekOffset} secondes","Network Error":"Erreur r\xE9seau","Decode Error":"Erreur de d\xE9codage","Source Not Supported":"Source non support\xE9e","Encryption Error":"Erreur de chiffrement","A network error caused the media download to fail.":"Une erreur r\xE9seau a caus\xE9 l\u2019\xE9chec du t\xE9l\xE9chargement du m\xE9dia.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"Une erreur de m\xE9dia a provoqu\xE9 l\u2019interruption de la lecture. Le m\xE9dia peut \xEAtre corrompu ou votre navigateur ne prend pas en charge ce format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"Une erreur non support\xE9e s\u2019est produite. Le serveur ou le r\xE9seau a \xE9chou\xE9, ou votre navigateur ne prend pas en charge ce format.","The media is encrypted and there are no keys to decrypt it.":"Le m\xE9dia est chiffr\xE9 et il n\u2019y a pas de cl\xE9s pour le d\xE9chiffrer.",hour:"heure",hours:"heures",minute:"minute",minutes:"minutes",second:"seconde",seconds:"secondes","{time} remaining":"{time} restant","{currentTime} of {totalTime}":"{currentTime} sur {totalTime}","video not loaded, unknown time.":"vid\xE9o non charg\xE9e, dur\xE9e inconnue."};Ot("fr",Xi);function zo(i){let{player:e,selection:t,timeline:s}=i,o=Math.round(e.timecode.rate),n=a=>{e.pause(),e.seek(a)},r=a=>i.nudge(a),l={" ":()=>e.toggle(),k:()=>e.pause(),j:()=>e.shuttle(-1),l:()=>e.shuttle(1),ArrowLeft:()=>e.step(-1),ArrowRight:()=>e.step(1),"Shift+ArrowLeft":()=>e.step(-o),"Shift+ArrowRight":()=>e.step(o),Home:()=>n(0),End:()=>n(e.timecode.frames-1),i:()=>i.markIn(),o:()=>i.markOut(),"Shift+i":()=>n(t.first),"Shift+o":()=>n(t.end-1),"[":()=>r(-1),"]":()=>r(1),p:()=>e.playRange(t.first,t.end),a:()=>t.add(),x:()=>t.clear(),z:()=>s.zoom(2),"Shift+z":()=>s.zoom(.5),f:()=>s.fit(),"?":()=>i.help()};addEventListener("keydown",a=>{if(a.defaultPrevented||a.ctrlKey||a.metaKey||a.altKey||document.querySelector("dialog[open]")||Ir(a.target)||wr(a.target)&&(a.key===" "||a.key==="Enter"))return;let E=a.key.length===1?a.key.toLowerCase():a.key,f=a.shiftKey&&/^[a-z]$|^Arrow/.test(E),v=l[f?`Shift+${E}`:E];v&&(a.preventDefault(),v())})}function Ir(i){return i.isContentEditable||i.matches("input:not([type=checkbox], [type=radio], [type=button]), select, textarea")}function wr(i){return i.closest("button, a[href], summary, [role=button], media-play-button, media-mute-button")!==null}function Xo(i){let{root:e,player:t,selection:s,timecode:o}=i,n={in:e.querySelector("[name=in]"),out:e.querySelector("[name=out]")},r=e.querySelector("[data-length-text]"),l=e.querySelector("[data-voice]"),a=v=>{l.textContent=v},E=v=>{n.in.value=o.text(s.first),n.out.value=o.text(s.end);for(let u of Object.values(n))u.removeAttribute("aria-invalid");r.textContent=o.length(s.length);let p=v?.detail;p&&a(R(`said_${p}`,{in:n.in.value,out:n.out.value,length:r.textContent}))},f=v=>{let p=n[v],u=o.parse(p.value);if(!(u!==null&&(v==="in"?u<o.frames:u>0&&u<=o.frames))){p.setAttribute("aria-invalid","true"),a(R("no_mark",{from:o.text(0),to:o.text(o.frames)}));return}v==="in"?s.setIn(u):s.setOut(u),t.pause(),t.seek(v==="in"?u:u-1)};for(let[v,p]of Object.entries(n))p.addEventListener("change",()=>f(v)),p.addEventListener("keydown",u=>{u.key==="Enter"&&(u.preventDefault(),f(v))});return s.addEventListener("change",E),E(),Mr(i),a}function Mr({root:i,player:e,selection:t,timecode:s}){let o=i.querySelector("[data-ranges]"),n=i.querySelector("[data-join]"),r=(a,E)=>{let f=`${s.text(a.in)} \u2013 ${s.text(a.out)}`,v=(u,_,c)=>ie("button",{type:"button",className:"plain icon",ariaLabel:`${_}: ${f}`,title:_,onclick:c},u),p=ie("input",{type:"text",value:a.name,maxLength:80,placeholder:R("range_name"),ariaLabel:`${R("range_name")}: ${f}`});return p.addEventListener("change",()=>t.rename(E,p.value.trim())),ie("li",{},ie("button",{type:"button",className:"link timecode",onclick:()=>{t.set(a.in,a.out),e.playRange(a.in,a.out)}},f),p,ie("span",{className:"buttons"},v("\u2191",R("move_up"),()=>t.move(E,-1)),v("\u2193",R("move_down"),()=>t.move(E,1)),v("\xD7",R("take_out"),()=>t.remove(E))))},l=a=>{a?.detail!=="named"&&(o.replaceChildren(...t.ranges.map(r)),o.hidden=t.ranges.length===0,n.hidden=t.ranges.length<2)};t.addEventListener("change",l),l()}var ai=class{constructor({sheets:e,interval:t,columns:s,rows:o,width:n,height:r,count:l}){Object.assign(this,{interval:t,columns:s,rows:o,width:n,height:r,count:l}),this.images=e.map(a=>Object.assign(new Image,{src:a}))}pictureAt(e){let t=Math.min(Math.floor(e/this.interval),this.count-1),s=this.columns*this.rows,o=this.images[Math.floor(t/s)];if(!o?.complete||o.naturalWidth===0)return null;let n=t%s;return{image:o,x:n%this.columns*this.width,y:Math.floor(n/this.columns)*this.height}}},li=class i{constructor(e){let t=new DataView(e);if(t.getInt32(0,!0)!==2||(t.getUint32(4,!0)&1)===0)throw new Error("unknown waveform");this.perSecond=t.getInt32(8,!0)/t.getInt32(12,!0),this.length=t.getUint32(16,!0),this.channels=t.getInt32(20,!0),this.peaks=new Int8Array(e,24)}between(e,t){let s=0,o=0,n=Math.min(t,this.length)*this.channels*2;for(let r=e*this.channels*2;r<n;r+=2)s=Math.min(s,this.peaks[r]),o=Math.max(o,this.peaks[r+1]);return[s,o]}static async load(e){let t=await fetch(e);if(!t.ok)throw new Error(t.statusText);return new i(await t.arrayBuffer())}};var di=class extends EventTarget{constructor(e){super(),this.timecode=e,this.in=null,this.out=null,this.ranges=[]}get first(){return this.in??0}get end(){return this.out??this.timecode.frames}get marked(){return this.in!==null||this.out!==null||this.ranges.length>0}get length(){return this.end-this.first}setIn(e){this.in=ce(e,0,this.timecode.frames-1),this.out!==null&&this.out<=this.in&&(this.out=null),this.changed("in")}setOut(e){this.out=ce(e,1,this.timecode.frames),this.in!==null&&this.in>=this.out&&(this.in=null),this.changed("out")}set(e,t){this.in=ce(e,0,this.timecode.frames-1),this.out=ce(t,this.in+1,this.timecode.frames),this.changed("both")}clear(){this.in=this.out=null,this.changed("cleared")}add(){this.ranges.push({in:this.first,out:this.end,name:""}),this.changed("added")}remove(e){this.ranges.splice(e,1),this.changed("removed")}move(e,t){let s=e+t;if(s<0||s>=this.ranges.length)return;let[o]=this.ranges.splice(e,1);this.ranges.splice(s,0,o),this.changed("moved")}rename(e,t){this.ranges[e].name=t,this.changed("named")}taken(){return this.ranges.length>0?this.ranges:[{in:this.first,out:this.end,name:""}]}changed(e){history.replaceState(history.state,"",this.address()),this.dispatchEvent(new CustomEvent("change",{detail:e}))}address(){let e=new URLSearchParams(location.search);for(let s of["in","out","range"])e.delete(s);this.in!==null&&e.set("in",this.timecode.text(this.in)),this.out!==null&&e.set("out",this.text(this.out));for(let s of this.ranges)e.append("range",`${this.timecode.text(s.in)}-${this.text(s.out)}${s.name?`~${s.name}`:""}`);let t=e.toString().replaceAll("%3A",":");return location.pathname+(t?`?${t}`:"")}text(e){return this.timecode.text(e)}read(){let e=new URLSearchParams(location.search),t=s=>{let o=s===null?null:this.timecode.parse(s);return o!==null&&o<=this.timecode.frames?o:null};this.in=t(e.get("in")),this.out=t(e.get("out")),this.in===this.timecode.frames&&(this.in=null),this.out!==null&&this.out<=this.first&&(this.out=null),this.ranges=e.getAll("range").flatMap(s=>{let[o,...n]=s.split("~"),[r,l]=o.split("-").map(t);return r===null||l===null||l===void 0||l<=r?[]:[{in:r,out:l,name:n.join("~")}]})}};function ce(i,e,t){return Math.min(Math.max(i,e),t)}var Zi=[1,2,4,8],ci=class extends EventTarget{constructor(e,t){super(),Object.assign(this,{video:e,timecode:t,frame:0,wanted:null,reverse:0,until:null}),this.watch=this.watch.bind(this),e.requestVideoFrameCallback(this.watch),e.addEventListener("seeked",()=>this.settle()),e.addEventListener("play",()=>this.tell()),e.addEventListener("pause",()=>this.tell()),e.addEventListener("ratechange",()=>this.tell())}get playing(){return!this.video.paused||this.reverse>0}get speed(){return this.reverse>0?-this.reverse:this.video.paused?0:this.video.playbackRate}watch(e,{mediaTime:t}){this.video.requestVideoFrameCallback(this.watch),this.frame=ce(this.timecode.nearest(t),0,this.timecode.frames-1),this.until!==null&&this.frame>=this.until-1&&(this.video.pause(),this.until=null),this.dispatchEvent(new Event("frame"))}tell(){this.dispatchEvent(new Event("state"))}seek(e){this.reverse=0,this.show(e)}show(e){let t=ce(Math.round(e),0,this.timecode.frames-1);this.until=null;let s=this.wanted!==null&&this.video.seeking;this.wanted=t,s||this.go(),this.dispatchEvent(new Event("frame"))}go(){this.going=this.wanted,this.video.currentTime=this.timecode.seconds(this.wanted+.5)}settle(){if(this.wanted!==null){if(this.going!==this.wanted){this.go();return}this.wanted=null,this.dispatchEvent(new Event("frame"))}}get at(){return this.wanted??this.frame}step(e){this.pause(),this.seek(this.at+e)}toggle(){this.playing?this.pause():this.play()}play(e=1){this.reverse=0,this.until=null,this.at>=this.timecode.frames-1&&this.seek(0),this.video.playbackRate=e,this.video.play().catch(()=>this.tell())}pause(){this.reverse=0,this.until=null,this.video.pause(),this.video.playbackRate=1,this.tell()}playRange(e,t){this.pause(),this.seek(e),this.until=t,this.video.play().catch(()=>this.tell())}shuttle(e){let t=this.speed;if(t*e<0){this.pause();return}let s=Zi[Math.min(Zi.indexOf(Math.abs(t))+1,Zi.length-1)];e>0?this.play(s):this.rewind(s)}rewind(e){let t=this.reverse>0;if(this.video.pause(),this.reverse=e,this.tell(),t)return;let s=performance.now(),o=this.at,n=r=>{if(this.reverse!==0){if(o-=(r-s)/1e3*this.timecode.rate*this.reverse,s=r,o<=0){this.seek(0),this.pause();return}this.video.seeking||this.show(o),requestAnimationFrame(n)}};requestAnimationFrame(n)}};function ji({root:i,selection:e,timecode:t,asset:s}){let o=i.querySelector("[data-take]"),n=new FormData(o),r=n.getAll("audio").map(Number),l=o.querySelectorAll("[name=audio]").length;return{asset_id:s.id,format:n.get("format"),ranges:e.taken().map(({in:a,out:E,name:f})=>({in:t.text(a),out:t.text(E),...f&&{name:f}})),join:n.get("join")!=="apart",...r.length<l&&{audio:r}}}function Zo(i){let{root:e,selection:t}=i,s=e.querySelector("[data-take]"),o=e.querySelector("[data-estimate]"),n=e.querySelector("[data-status]"),r=e.querySelector("[data-done]"),l=_=>{n.textContent=_.message,n.classList.add("wrong")},a=0,E,f=async()=>{let _=++a;try{let c=await Ei("POST","/v1/clips/estimate",ji(i));if(_!==a)return;o.textContent=R(c.bit_exact?"foreseen_exact":"foreseen_converted",{size:Jo(c.size),time:Math.max(1,Math.ceil(c.seconds))})}catch{_===a&&(o.textContent="")}},v=()=>{clearTimeout(E),E=setTimeout(f,250)},p=s.querySelector("[data-part]"),u=()=>{p&&(p.disabled=!t.marked)};u(),t.addEventListener("change",()=>{u(),v()}),s.addEventListener("change",v),f(),s.addEventListener("submit",async _=>{if(!_.submitter?.hasAttribute("formaction")){_.preventDefault(),n.classList.remove("wrong"),r.replaceChildren();try{let c=await Ei("POST","/v1/clips",ji(i),Ds());Rr(c.id,i,{status:n,done:r,fail:l})}catch(c){l(c)}}})}function jo(i){let{ranges:e,...t}=ji(i),s=i.root.querySelector("[data-take] [name=format]"),o={...t,...i.selection.marked&&{ranges:e},title:i.asset.title,format_title:s.selectedOptions[0].textContent};i.say(R(Rs(o)?"in_basket":"basket_full"))}function Rr(i,{root:e},{status:t,done:s,fail:o}){let n=e.querySelector("[data-take] progress");n.hidden=!1,n.removeAttribute("value"),t.textContent=R("making");let r=new EventSource(`/v1/clips/${encodeURIComponent(i)}/events`);r.addEventListener("clip",l=>{let a=JSON.parse(l.data);if(a.status==="queued"||a.status==="running"){a.progress>0&&(n.value=a.progress);return}if(r.close(),n.hidden=!0,a.status!=="ready"){o(new Error(a.reason??R("ended")));return}t.textContent=R(a.report.method==="encode"?"ready_converted":"ready_exact",{frames:a.report.frames});for(let E of a.files?.length?a.files:[a])s.append(Object.assign(document.createElement("a"),{className:"button",href:E.url,download:E.filename,textContent:R("save",{name:E.filename,size:Jo(E.size)})}))})}function Jo(i){let e=[["GB",1e9],["MB",1e6],["kB",1e3]],[t,s]=e.find(([,n])=>i>=n)??e[2],o=new Intl.NumberFormat(document.documentElement.lang,{maximumSignificantDigits:3}).format(i/s);return R(`unit_${t}`,{number:o})}var Dr=/^(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2,3})$/,Or=/^(\d{1,6})(?::(\d{2}))?(?::(\d{2}))?(?:\.(\d{1,9}))?$/,ui=class{constructor({num:e,den:t,drop:s,start:o,frames:n}){Object.assign(this,{num:e,den:t,start:o,frames:n}),this.nominal=Math.max(1,Math.floor((e+Math.floor(t/2))/t)),this.dropped=s?this.nominal/15:0,this.digits=this.nominal>100?3:2}get rate(){return this.num/this.den}seconds(e){return e*this.den/this.num}at(e){return Math.floor(e*this.rate+1e-4)}nearest(e){return Math.floor(e*this.rate+.5)}count(e,t,s,o){let n=e*60+t;return(n*60+s)*this.nominal+o-this.dropped*(n-Math.floor(n/10))}text(e){let t=this.count(24,0,0,0),s=((this.start+e)%t+t)%t,o=60*this.nominal-this.dropped,n=10*o+this.dropped,r=Math.floor(s/n)*10+Math.max(0,Math.floor((s%n-this.dropped)/o)),l=s+this.dropped*(r-Math.floor(r/10)),a=E=>String(E).padStart(2,"0");return`${a(Math.floor(r/60))}:${a(r%60)}:${a(Math.floor(l/this.nominal)%60)}${this.dropped?";":":"}${String(l%this.nominal).padStart(this.digits,"0")}`}parse(e){let t=e.trim(),s=Dr.exec(t);if(s)return this.parseAddress(s);if(s=Or.exec(t),!s)return null;let o=Number(s[1]);for(let n of[s[2],s[3]])if(n!==void 0){if(Number(n)>59)return null;o=o*60+Number(n)}return this.nearest(o+ +`0.${s[4]??0}`)}parseAddress([,e,t,s,o,n]){let[r,l,a,E]=[e,t,s,n].map(Number),f=E<this.dropped&&a===0&&l%10!==0;if(r>23||l>59||a>59||E>=this.nominal||n.length>this.digits||f||o===";"&&!this.dropped)return null;let v=this.count(24,0,0,0);return((this.count(r,l,a,E)-this.start)%v+v)%v}length(e){let t=Math.floor(e/this.nominal);return`${[Math.floor(t/3600),Math.floor(t/60)%60,t%60].map(o=>String(o).padStart(2,"0")).join(":")}:${String(e%this.nominal).padStart(this.digits,"0")}`}};function en({context:i,width:e,left:t,scale:s,timecode:o},n,{ink:r,line:l,font:a}){i.font=a;let E=i.measureText(o.text(0)).width+24,f=o.nominal,p=[1,2,5,10,f,2*f,5*f,10*f,30*f,60*f,120*f,300*f,600*f,1800*f].find(_=>_*s>=E)??3600*f,u=Math.max(0,Math.floor(t/s/p)*p);i.fillStyle=r,i.strokeStyle=l,i.textBaseline="middle",i.beginPath();for(let _=u;_*s<t+e&&_<o.frames;_+=p){let c=Math.round(_*s-t)+.5;i.moveTo(c,0),i.lineTo(c,n),i.fillText(o.text(_),c+5,n/2);let S=p/5;if(!(!Number.isInteger(S)||S*s<6))for(let T=1;T<5;T++){let $=Math.round((_+T*S)*s-t)+.5;i.moveTo($,n-5),i.lineTo($,n)}}i.stroke()}function tn({context:i,width:e,left:t,scale:s,timecode:o},n,r,l){let a=Math.max(8,Math.round(r*l.width/l.height));for(let E=Math.floor(t/a);E*a<t+e;E++){let f=E*a/s;if(f>=o.frames)break;let v=l.pictureAt(o.seconds(f));if(!v)continue;let p=E*a-t,u=Math.min(a,o.frames*s-E*a),_=u/a;i.drawImage(v.image,v.x,v.y,l.width*_,l.height,p,n,u,r)}}function sn({context:i,width:e,left:t,scale:s,timecode:o},n,r,l,a){let E=n+r/2,f=(r/2-1)/128,v=l.perSecond*o.seconds(1)/s;i.fillStyle=a;for(let p=0;p<e;p++){let u=Math.floor((t+p)*v);if(u>=l.length)break;let[_,c]=l.between(u,Math.max(u+1,Math.floor((t+p+1)*v)));i.fillRect(p,E-c*f,1,Math.max(1,(c-_)*f))}}var Cr=24,hi=class{constructor(e,{timecode:t,player:s,selection:o,storyboard:n}){Object.assign(this,{root:e,timecode:t,player:s,selection:o,storyboard:n,waveform:null}),this.view=e.querySelector("[data-view]"),this.length=e.querySelector("[data-length]"),this.canvas=e.querySelector("canvas"),this.head=e.querySelector("[data-playhead]"),this.handles={in:e.querySelector("[data-handle=in]"),out:e.querySelector("[data-handle=out]")},this.shade=e.querySelector("[data-shade]"),this.scale=0,this.queued=!1,new ResizeObserver(()=>this.measure()).observe(this.view),this.view.addEventListener("scroll",()=>this.draw(),{passive:!0}),this.view.addEventListener("wheel",r=>this.wheel(r),{passive:!1}),this.view.addEventListener("pointerdown",r=>this.scrub(r));for(let[r,l]of Object.entries(this.handles))this.drags(l,r);s.addEventListener("frame",()=>this.follow()),o.addEventListener("change",()=>this.place()),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",()=>this.draw());for(let r of n?.images??[])r.addEventListener("load",()=>this.draw())}get least(){return this.view.clientWidth/this.timecode.frames}measure(){let e=this.scale===0||this.scale<=this.fitted;this.fitted=this.least,this.zoomTo(e?this.least:Math.max(this.scale,this.least))}zoomTo(e){let t=this.player.at,s=t*this.scale-this.view.scrollLeft,o=s>=0&&s<=this.view.clientWidth;this.scale=ce(e,this.least,Math.max(this.least,Cr)),this.length.style.width=`${this.scale*this.timecode.frames}px`,this.view.scrollLeft=t*this.scale-(o&&this.scale>this.least?s:this.view.clientWidth/2),this.place()}zoom(e){this.zoomTo(this.scale*e)}fit(){this.zoomTo(this.least)}wheel(e){!e.ctrlKey&&!e.metaKey||(e.preventDefault(),this.zoom(e.deltaY<0?1.3:1/1.3))}frameAt(e){let t=this.length.getBoundingClientRect().left;return(e-t)/this.scale}scrub(e){if(e.button!==0||e.target.closest("button"))return;let t=s=>this.player.seek(Math.floor(this.frameAt(s.clientX)));if(e.pointerType==="touch"){this.view.addEventListener("click",t,{once:!0});return}e.preventDefault(),this.player.pause(),t(e),this.capture(this.view,e,t)}capture(e,t,s){e.setPointerCapture(t.pointerId),e.addEventListener("pointermove",s);let o=()=>e.removeEventListener("pointermove",s);e.addEventListener("pointerup",o,{once:!0}),e.addEventListener("pointercancel",o,{once:!0})}drags(e,t){let s=o=>{t==="in"?this.selection.setIn(Math.min(o,this.selection.end-1)):this.selection.setOut(Math.max(o,this.selection.first+1)),this.player.seek(t==="in"?this.selection.first:this.selection.end-1)};e.addEventListener("pointerdown",o=>{o.preventDefault(),e.focus(),this.player.pause(),this.capture(e,o,n=>s(Math.round(this.frameAt(n.clientX))))}),e.addEventListener("keydown",o=>{let n=Math.round(this.timecode.rate),r={ArrowLeft:-1,ArrowRight:1,ArrowDown:-1,ArrowUp:1,PageDown:-n,PageUp:n}[o.key],l={Home:0,End:this.timecode.frames}[o.key];if(r===void 0&&l===void 0)return;o.preventDefault(),o.stopPropagation();let a=t==="in"?this.selection.first:this.selection.end;s(l??a+r*(o.shiftKey&&Math.abs(r)===1?n:1))})}follow(){let e=this.player.at*this.scale,t=this.view.scrollLeft;(e<t||e>t+this.view.clientWidth-2)&&(this.view.scrollLeft=this.player.speed>0?e-8:e-this.view.clientWidth/2),this.head.style.transform=`translateX(${e}px)`}place(){let{first:e,end:t}=this.selection,s={in:this.selection.in!==null,out:this.selection.out!==null};for(let[o,n]of[["in",e],["out",t]]){let r=this.handles[o];r.style.transform=`translateX(${n*this.scale}px)`,r.classList.toggle("unset",!s[o]),r.setAttribute("aria-valuemax",this.timecode.frames),r.setAttribute("aria-valuenow",n),r.setAttribute("aria-valuetext",this.timecode.text(n))}this.shade.style.transform=`translateX(${e*this.scale}px)`,this.shade.style.width=`${(t-e)*this.scale}px`,this.shade.hidden=!s.in&&!s.out,this.follow(),this.draw()}show(e){this.waveform=e,this.draw()}draw(){this.queued||(this.queued=!0,requestAnimationFrame(()=>{this.queued=!1,this.paint()}))}paint(){let e=this.view.clientWidth,t=this.view.clientHeight;if(e===0||t===0)return;let s=devicePixelRatio||1;(this.canvas.width!==Math.round(e*s)||this.canvas.height!==Math.round(t*s))&&(this.canvas.width=Math.round(e*s),this.canvas.height=Math.round(t*s),this.canvas.style.width=`${e}px`,this.canvas.style.height=`${t}px`);let o=this.canvas.getContext("2d");o.setTransform(s,0,0,s,0,0),o.clearRect(0,0,e,t);let n=getComputedStyle(this.root),r=n.borderTopColor,l=getComputedStyle(this.shade).borderTopColor,a={context:o,width:e,left:this.view.scrollLeft,scale:this.scale,timecode:this.timecode},E=24,f=this.storyboard?Math.round((t-E)*(this.waveform?.6:1)):0;en(a,E,{ink:n.color,line:r,font:`11px ${n.getPropertyValue("--mono")}`}),f>0&&tn(a,E,f,this.storyboard),this.waveform&&sn(a,E+f,t-E-f,this.waveform,l)}};function on(i){let{root:e,player:t,selection:s,timecode:o,video:n}=i,r=e.querySelector("[data-transcript]");if(!r)return;let l=e.querySelector("[data-transcript-language]"),a=e.querySelector("[data-transcript-search]"),E=e.querySelector("[data-transcript-found]"),f=[],v=c=>({in:o.at(c.startTime),out:Math.max(o.at(c.startTime)+1,Math.min(o.nearest(c.endTime),o.frames))}),p=c=>{f=[...c.cues??[]].map(S=>{let{in:T,out:$}=v(S),be=ie("button",{type:"button",className:"link timecode"},o.text(T));be.addEventListener("click",St=>{if(St.shiftKey&&s.in!==null){s.set(Math.min(s.in,T),Math.max($,s.end===o.frames?$:s.end));return}t.pause(),t.seek(T)});let et=S.getCueAsHTML().textContent;return{element:ie("li",{},be,ie("span",{},et)),first:T,out:$,words:et.toLocaleLowerCase()}}),r.replaceChildren(...f.map(S=>S.element)),u()},u=()=>{let c=a.value.trim().toLocaleLowerCase(),S=0;for(let T of f)T.element.hidden=c!==""&&!T.words.includes(c),T.element.hidden||S++;E.textContent=c?R("lines_found",{count:S}):""};a.addEventListener("input",u);let _=()=>{let c=n.querySelector(`track[srclang="${CSS.escape(l.value)}"]`);c&&(c.track.mode==="disabled"&&(c.track.mode="hidden"),c.readyState===2?p(c.track):c.addEventListener("load",()=>p(c.track),{once:!0}))};l.addEventListener("change",_),_(),document.addEventListener("selectionchange",()=>{let c=document.getSelection();if(c.isCollapsed||!r.contains(c.anchorNode)||!r.contains(c.focusNode))return;let S=f.filter(T=>!T.element.hidden&&c.containsNode(T.element.lastChild,!0));S.length>0&&s.set(S[0].first,S.at(-1).out)}),t.addEventListener("frame",()=>{for(let c of f)c.element.toggleAttribute("data-now",t.at>=c.first&&t.at<c.out)})}function nn({root:i,player:e,selection:t,timecode:s}){for(let o of i.querySelectorAll("[data-shot]"))o.addEventListener("click",n=>{if(n.ctrlKey||n.metaKey||n.shiftKey)return;n.preventDefault();let r=new URL(o.href).searchParams,[l,a]=[r.get("in"),r.get("out")].map(E=>E===null?null:s.parse(E));e.pause(),a!==null?t.set(l,a):t.setIn(l),e.seek(l)})}var Ji=class{constructor(e,t){this.root=e,this.asset=t,this.timecode=new ui(t),this.video=e.querySelector("video"),this.player=new ci(this.video,this.timecode),this.selection=new di(this.timecode),this.selection.read(),this.last="in",this.timeline=new hi(e.querySelector("[data-timeline]"),{timecode:this.timecode,player:this.player,selection:this.selection,storyboard:t.storyboard&&new ai(t.storyboard)}),this.selection.addEventListener("change",({detail:s})=>{(s==="in"||s==="out")&&(this.last=s)}),this.say=Xo(this),this.showTime(),this.buttons(),this.sound(),zo(this),Zo(this),on(this),nn(this),this.player.seek(this.selection.first)}markIn(){this.selection.setIn(this.player.at)}markOut(){this.selection.setOut(this.player.at+1)}nudge(e){this.last==="in"?this.selection.setIn(Math.min(this.selection.first+e,this.selection.end-1)):this.selection.setOut(Math.max(this.selection.end+e,this.selection.first+1)),this.player.pause(),this.player.seek(this.last==="in"?this.selection.first:this.selection.end-1)}help(){this.root.querySelector("[data-help]").showModal()}showTime(){let e=this.root.querySelector("[data-now]"),t=this.root.querySelector("[data-speed]"),s=this.root.querySelector("[data-do=toggle]"),o=this.root.querySelector("[data-playhead]");this.player.addEventListener("frame",()=>{e.textContent=this.timecode.text(this.player.at),o.setAttribute("aria-valuenow",this.player.at),o.setAttribute("aria-valuetext",e.textContent)}),this.player.addEventListener("state",()=>{let{speed:n,playing:r}=this.player;t.textContent=n===0||n===1?"":`${n}\xD7`,s.textContent=r?"\u275A\u275A":"\u25B6",s.setAttribute("aria-label",R(r?"pause":"play"))})}buttons(){let{player:e,selection:t,timeline:s}=this,o=Math.round(this.timecode.rate),n={toggle:()=>e.toggle(),"back-second":()=>e.step(-o),"back-frame":()=>e.step(-1),"on-frame":()=>e.step(1),"on-second":()=>e.step(o),"mark-in":()=>this.markIn(),"mark-out":()=>this.markOut(),"to-in":()=>e.seek(t.first),"to-out":()=>e.seek(t.end-1),"play-range":()=>e.playRange(t.first,t.end),add:()=>t.add(),clear:()=>t.clear(),"zoom-in":()=>s.zoom(2),"zoom-out":()=>s.zoom(.5),fit:()=>s.fit(),basket:()=>jo(this),help:()=>this.help(),link:()=>this.copyLink()};this.root.addEventListener("click",r=>{let l=r.target.closest("[data-do]")?.dataset.do;n[l]?.()}),this.video.addEventListener("click",()=>e.toggle()),this.root.querySelector("[data-volume]").addEventListener("input",({target:r})=>{this.video.volume=Number(r.value),this.video.muted=!1})}async copyLink(){try{await navigator.clipboard.writeText(location.href),this.say(R("copied"))}catch{this.say(R("not_copied"))}}sound(){let e=this.root.querySelector("[data-wave]");if(!e)return;let t=()=>li.load(e.value).then(s=>this.timeline.show(s),()=>this.timeline.show(null));e.addEventListener("change",t),t()}},mi=document.querySelector("[data-editor]");if(mi){Ot("fr",Xi),mi.querySelector("video").controls=!1,mi.classList.add("scripted");let i=new Ji(mi,JSON.parse(document.getElementById("asset").textContent));globalThis.subclip=i}
