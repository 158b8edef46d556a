import {
  StarIcon,
  ToolbarButton,
  ToolbarMenu,
  useGraphiQL,
  useGraphiQLActions,
} from "@graphiql/react";

/** A menu which opens an example, as it was written, in a tab of its own. */
export function Examples({ examples }) {
  const { addTab } = useGraphiQLActions();
  const { queryEditor, variableEditor, headerEditor } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    headerEditor: state.headerEditor,
  }));

  function open({ query, variables, headers }) {
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    headerEditor?.setValue(headers);
  }

  const button = (
    <ToolbarButton label="Open an example">
      <StarIcon className="graphiql-toolbar-icon" aria-hidden="true" />
    </ToolbarButton>
  );
  return (
    <ToolbarMenu button={button}>
      {examples.map((example) => (
        <ToolbarMenu.Item key={example.name} onSelect={() => open(example)}>
          {example.name}
        </ToolbarMenu.Item>
      ))}
    </ToolbarMenu>
  );
}
