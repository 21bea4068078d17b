// The editor's bundle.
export { EditorView } from '@codemirror/view';
