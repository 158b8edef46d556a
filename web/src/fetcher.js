/** A GraphiQL fetcher which posts to the endpoint, with this origin's cookies only. */
export function fetcherOf(endpoint) {
  return async (params, options) => {
    const response = await fetch(endpoint, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        Accept: "application/graphql-response+json, application/json",
        "Content-Type": "application/json",
        ...options?.headers,
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
