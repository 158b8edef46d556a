import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./page.css";

import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import { Examples } from "./examples.jsx";
import { fetcherOf } from "./fetcher.js";
import { headersText, openTab, storageOf } from "./tabs.js";

/** What gateway/schema/graphiql.py wrote into the page: title, endpoint, tabs. */
const { title, endpoint, tabs } = JSON.parse(
  document.getElementById("graphiql-config").textContent,
);

const examples = tabs.map(({ name, query, variables, headers }) => ({
  name,
  query,
  variables,
  headers: headersText(headers),
}));
const storage = storageOf(endpoint, examples);
const open = openTab(storage, examples);

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcherOf(endpoint, open?.headers)}
    storage={storage}
    defaultTabs={examples.length > 0 ? examples : undefined}
    // GraphiQL fills the editors from these, not from the tab that is open.
    initialQuery={open?.query ?? ""}
    initialVariables={open?.variables ?? ""}
    initialHeaders={open?.headers ?? ""}
    defaultEditorToolsVisibility={open?.headers ? "headers" : "variables"}
    // Kept until the browser's tab is closed, see tabs.js.
    shouldPersistHeaders
    showPersistHeadersSettings={false}
  >
    <GraphiQL.Logo>{title}</GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {({ prettify, merge, copy }) => (
        <>
          {prettify}
          {merge}
          {copy}
          {examples.length > 0 && <Examples examples={examples} />}
        </>
      )}
    </GraphiQL.Toolbar>
  </GraphiQL>,
);
