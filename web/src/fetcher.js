/**
 * A GraphiQL fetcher which posts to the endpoint, with this origin's cookies only.
 *
 * GraphiQL asks for the schema before it has an editor of headers: it is then asked
 * with those that the page opens with, since a door may want a token for it.
 */
export function fetcherOf(endpoint, openingHeaders) {
  return async (params, options) => {
    const asksForSchema = params.operationName === "IntrospectionQuery";
    const response = await fetch(endpoint, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        Accept: "application/graphql-response+json, application/json",
        "Content-Type": "application/json",
        ...(options?.headers ?? (asksForSchema ? parsed(openingHeaders) : {})),
      },
      body: JSON.stringify(params),
    });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`The answer is no JSON (status ${response.status}): ${text}`);
    }
  };
}

/** The headers of a text which somebody may be in the middle of writing. */
function parsed(headers) {
  try {
    return JSON.parse(headers);
  } catch {
    return {};
  }
}
