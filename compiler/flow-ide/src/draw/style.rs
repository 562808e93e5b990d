//! The style sheet within the drawing: readable on light and on dark grounds, and on paper.

use super::icons::Family;

/// All rules, with those of the families last.
pub(super) fn sheet() -> String {
    let mut sheet = String::from(
        "text{font:12px system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1b1f24}\
         .ground{fill:#ffffff}.box{fill:#ffffff;stroke:#57606a}.dashed{stroke-dasharray:5 3}\
         .flow{font-size:20px;font-weight:600}.about{fill:#4b535c}\
         .name,.word{fill:#ffffff}.name{font-size:13px;font-weight:600}.word{font-size:11px}\
         .icon{fill:none;stroke:#ffffff;stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}\
         .done{fill:#4b535c}.to{fill:#1f5fbf}.back{fill:#8a3b00}\
         .rule{stroke:#d0d7de}.line{fill:none;stroke:#57606a;stroke-width:1.4}.tip{fill:#57606a}\
         a:focus text,a:hover text{text-decoration:underline}",
    );
    for family in Family::ALL {
        sheet.push_str(&format!(".{}{{fill:{}}}", family.word(), family.colour()));
    }
    sheet.push_str(
        "@media (prefers-color-scheme:dark){\
         text{fill:#e6edf3}.ground{fill:#0d1117}.box{fill:#161b22;stroke:#8b949e}\
         .about,.done{fill:#adb5bf}.to{fill:#79b8ff}.back{fill:#ffb77a}\
         .rule{stroke:#30363d}.line{stroke:#8b949e}.tip{fill:#8b949e}.name,.word{fill:#ffffff}}",
    );
    sheet
}
