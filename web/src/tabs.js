/**
 * What the page remembers, and which tab it opens with.
 *
 * What a person writes is kept in the session storage, under the door and the
 * examples it belongs to: it survives a reload, another door or a new set of
 * examples never hides behind it, and a token in a header is gone when the
 * browser's tab is closed. Only the looks of the page outlive that.
 */

const LOOKS = new Set([
  "graphiql:theme",
  "graphiql:visiblePlugin",
  "graphiql:docExplorerFlex",
  "graphiql:editorFlex",
  "graphiql:secondaryEditorFlex",
]);

/** The headers as the editor shows them: JSON, or nothing. */
export function headersText(headers) {
  return Object.keys(headers).length > 0 ? JSON.stringify(headers, null, 2) : "";
}

/** The FNV-1a digest of a text; crypto.subtle does not exist outside HTTPS. */
function digest(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** GraphiQL's storage, or null where the browser refuses to keep anything. */
export function storageOf(endpoint, examples) {
  const prefix = `${endpoint} ${digest(JSON.stringify(examples))} `;
  let session;
  let local;
  try {
    session = window.sessionStorage;
    local = window.localStorage;
  } catch {
    return null;
  }
  const ownKeys = () => Object.keys(session).filter((key) => key.startsWith(prefix));
  const place = (key) => (LOOKS.has(key) ? [local, key] : [session, prefix + key]);
  return {
    getItem(key) {
      const [storage, name] = place(key);
      return storage.getItem(name);
    },
    setItem(key, value) {
      const [storage, name] = place(key);
      storage.setItem(name, value);
    },
    removeItem(key) {
      const [storage, name] = place(key);
      storage.removeItem(name);
    },
    clear() {
      ownKeys().forEach((key) => session.removeItem(key));
      LOOKS.forEach((key) => local.removeItem(key));
    },
    get length() {
      return ownKeys().length;
    },
  };
}

/** The tab which was open before a reload, else the first example, if any. */
export function openTab(storage, examples) {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem("graphiql:tabState"));
    return tabs[activeTabIndex] ?? examples[0];
  } catch {
    return examples[0];
  }
}
