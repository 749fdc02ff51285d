document.querySelector("video")?.addEventListener("playing",()=>{fetch(`${location.pathname}/played`,{method:"POST",keepalive:!0}).catch(()=>{})},{once:!0});
