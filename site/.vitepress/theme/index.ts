// The default theme without its web font: readers have the fonts of their system.
import DefaultTheme from "vitepress/theme-without-fonts";
// oxlint-disable-next-line import/no-unassigned-import -- the bundler adds the styles to the page.
import "./style.css";

export default DefaultTheme;
