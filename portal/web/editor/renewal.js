// Signed addresses end after an hour, and the address that leads to them makes new ones: a
// file that fails is asked for anew, unless it has just been.

const apart = 60_000; // milliseconds within which a second failure is no matter of time

// renewal returns what asks whether another try is worth it.
export function renewal() {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    const worth = now - last > apart;
    last = now;
    return worth;
  };
}
