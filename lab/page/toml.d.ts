/** Scenario files are carried as text. */
declare module "*.toml" {
  const text: string;
  export default text;
}
declare module "*.css" {
  const text: string;
  export default text;
}
