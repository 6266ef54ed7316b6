use std::error::Error;

use serde_json::Value;

use super::{KEYS, start};
use crate::{
    app::{App, JIWOO, Outcome, agree},
    jwt,
};

async fn kids(app: &App) -> Result<Vec<Value>, Box<dyn Error>> {
    let keys = app.get(KEYS).await?;
    let keys = keys["keys"].as_array().ok_or("no keys")?;
    Ok(keys.iter().map(|key| key["kid"].clone()).collect())
}

#[tokio::test]
async fn rotated_keys_replace_the_old_ones() -> Outcome {
    let mut app = start(|oidc| oidc.strange_keys = false).await?;
    let old = app.tokens_of(vec![], agree(JIWOO)).await?;
    let before = kids(&app).await?;
    app.provider.rotate_keys();
    let after = kids(&app).await?;
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before, after);
    assert!(jwt::verified(&app, KEYS, &old["id_token"]).await.is_err());
    let new = app.tokens_of(vec![], agree(JIWOO)).await?;
    jwt::verified(&app, KEYS, &new["id_token"]).await?;
    Ok(())
}

#[tokio::test]
async fn keys_can_rotate_just_before_the_next_token() -> Outcome {
    let mut app = start(|oidc| oidc.strange_keys = false).await?;
    app.provider.rotate_keys_before_next_token();
    let before = kids(&app).await?;
    assert_eq!(before, kids(&app).await?);
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    let after = kids(&app).await?;
    assert_ne!(before, after);
    jwt::verified(&app, KEYS, &tokens["id_token"]).await?;
    app.tokens_of(vec![], agree(JIWOO)).await?;
    assert_eq!(after, kids(&app).await?);
    Ok(())
}

#[tokio::test]
async fn old_keys_may_stay_and_kids_may_be_the_same_or_missing() -> Outcome {
    let app = start(|oidc| oidc.strange_keys = false).await?;
    let configure = |kids, reuses, keeps| {
        app.provider.configure(|settings| {
            settings.oidc.kids = kids;
            settings.oidc.reuses_kid = reuses;
            settings.oidc.keeps_old_keys = keeps;
        });
    };
    let first = kids(&app).await?;
    app.provider.rotate_keys();
    configure(true, false, true);
    let both = kids(&app).await?;
    assert_eq!(both.len(), 2);
    assert_eq!(both[1], first[0]);
    configure(true, true, false);
    assert_eq!(kids(&app).await?, first);
    configure(false, false, false);
    assert_eq!(kids(&app).await?, [Value::Null]);
    Ok(())
}

#[tokio::test]
async fn keys_of_no_use_come_first() -> Outcome {
    let app = start(|_| {}).await?;
    let keys = app.get(KEYS).await?;
    let keys = keys["keys"].as_array().ok_or("no keys")?;
    assert_eq!(keys.len(), 6);
    assert_eq!(keys[0]["kty"], "AKP");
    assert_eq!(keys[5]["kid"], "local-rs256-0");
    Ok(())
}
