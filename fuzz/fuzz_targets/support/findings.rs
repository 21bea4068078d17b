//! What holds for findings of every reader.

use planscope::diagnostic::{Diagnostic, SourceMap, Span};

/// Spans are in order, lie in one text and between characters, and so do those of fixes.
pub fn check(findings: &[Diagnostic], texts: &[&str]) {
    let mut sources = SourceMap::new();
    for &text in texts {
        sources = sources.with("text", text);
    }
    assert!(findings.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start), "findings by place");
    for finding in findings {
        lies_within(&sources, finding.span);
        if let Some(fix) = &finding.fix {
            lies_within(&sources, fix.span);
        }
        assert!(!finding.message.is_empty());
    }
}

fn lies_within(sources: &SourceMap, span: Span) {
    let (file, within) = sources.locate(span).expect("there are texts");
    let file = &sources.files()[file];
    assert_eq!(
        Span { start: within.start + file.start, end: within.end + file.start },
        span,
        "ends in its text"
    );
    assert!(
        file.text.get(within.start as usize..within.end as usize).is_some(),
        "{within:?} cuts a character"
    );
}

/// The texts after the fix of a finding.
pub fn mended(finding: &Diagnostic, texts: &[&str]) -> Option<Vec<String>> {
    let fix = finding.fix.as_ref()?;
    let mut sources = SourceMap::new();
    for &text in texts {
        sources = sources.with("text", text);
    }
    let (file, span) = sources.locate(fix.span)?;
    let mut texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
    texts[file].replace_range(span.start as usize..span.end as usize, &fix.replacement);
    Some(texts)
}
