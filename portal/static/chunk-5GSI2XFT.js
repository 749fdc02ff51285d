function o(){let n=-1/0;return()=>{let t=performance.now(),r=t-n>6e4;return n=t,r}}export{o as a};
