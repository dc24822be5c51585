// What this device keeps for the page. A browser may forbid storage altogether, even to look at it: then nothing is kept.

const none: Storage = {
  length: 0,
  key: () => null,
  getItem: () => null,
  setItem: () => {
    throw new DOMException('This browser lets the page keep nothing.', 'QuotaExceededError');
  },
  removeItem: () => undefined,
  clear: () => undefined,
};

function found(): Storage {
  try {
    return window.localStorage;
  } catch {
    return none;
  }
}

export const storage: Storage = found();
