import { createTheme, type MantineColorsTuple } from "@mantine/core";

const cord: MantineColorsTuple = [
  "#eef2fd",
  "#dbe3f9",
  "#b6c6f2",
  "#8fa7ec",
  "#6c8ae3",
  "#5273da",
  "#3d5fcc",
  "#3250b0",
  "#284292",
  "#1d3170",
];
/** From text on dark to the page behind everything. Blue-grey, so that the accent sits in the family. */
const dark: MantineColorsTuple = [
  "#e8ebf1",
  "#c3c9d6",
  "#9aa3b5",
  "#5d6779",
  "#343c4b",
  "#272e3b",
  "#1e242f",
  "#171b24",
  "#0e1117",
  "#090b10",
];
const red: MantineColorsTuple = [
  "#fdecea",
  "#f9d3d0",
  "#f1a6a0",
  "#e97870",
  "#e0544a",
  "#d13c32",
  "#bd2b22",
  "#9f221a",
  "#801a14",
  "#5f120e",
];

export const theme = createTheme({
  colors: { cord, dark, red },
  primaryColor: "cord",
  primaryShade: { light: 6, dark: 6 },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "11px", sm: "12px", md: "13px", lg: "15px", xl: "18px" },
  lineHeights: { xs: "1.4", sm: "1.4", md: "1.45", lg: "1.4", xl: "1.3" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  defaultRadius: "md",
  cursorType: "pointer",
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "20px" }, h2: { fontSize: "15px" }, h3: { fontSize: "13px" } },
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm" } },
    NativeSelect: { defaultProps: { size: "sm" } },
    Menu: {
      defaultProps: { withInitialFocusPlaceholder: false, shadow: "md" },
      styles: { item: { minHeight: 32 } },
    },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, fz: "xs" } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
  },
});
