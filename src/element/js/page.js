// Passes values between the form and its page.
import { listed } from './listed.js';
import { options } from './settings.js';

export const isObject = (value) => typeof value === 'object' && value !== null;

/** Freezes what the page receives, because all listeners receive the same object. */
export const freeze = (detail) => {
  if (isObject(detail)) Object.values(Object.freeze(detail)).forEach(freeze);
  return detail;
};

/** The functions by which the form asks its page: for the properties that the page set, and for its settings. */
export const pageCallbacks = (properties) => ({
  messages: () => properties.messages,
  looksUp: () => typeof properties.lookup === 'function',
  listed: (name) => listed(properties[name]),
  // A sandboxed frame has the origin `null`, whatever its address is.
  origin: () => self.origin,
  base: () => document.baseURI,
  allowedOrigins: () => options.allowedOrigins,
  allowsBasic: () => options.allowBasic,
  authorization: async () => {
    const credentials = typeof properties.authorization === 'function' ? await properties.authorization() : properties.authorization;
    return credentials == null ? undefined : String(credentials);
  },
  // The record goes on as text: its amounts are read from there, exactly.
  lookUp: async (wanted) => {
    const record = await properties.lookup?.(freeze(wanted));
    return record == null ? undefined : typeof record === 'string' ? record : JSON.stringify(record);
  },
});
